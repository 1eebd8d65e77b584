export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;

/** Why an endpoint is off that its company did not switch off. */
export const offReasons = ['failing', 'gone'] as const;
export type OffReason = (typeof offReasons)[number];
