import * as z from 'zod';

/** What is read of a pod to say how its containers stand. */
export const podSchema = z.object({
  spec: z.object({ containers: z.array(z.object({ image: z.string() })).min(1) }),
  status: z
    .object({
      containerStatuses: z
        .array(
          z.object({
            restartCount: z.number().default(0),
            state: z
              .object({
                waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
                terminated: z.object({ exitCode: z.number(), reason: z.string().optional() }).optional(),
              })
              .optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});
