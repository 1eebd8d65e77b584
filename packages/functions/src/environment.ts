import * as z from 'zod';

/** Reads the function's configuration once, at start. @throws an error that names every variable that is missing or wrong. */
export function readEnvironment<Shape extends z.ZodRawShape>(shape: Shape): z.infer<z.ZodObject<Shape>> {
  const parsed = z.object(shape).safeParse(process.env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The function's environment is not complete: ${problems.join('; ')}`);
}

export const required = z.string().min(1);
