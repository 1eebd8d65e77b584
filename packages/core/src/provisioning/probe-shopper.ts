/** For whom the onboarding's probe asks. Its recommendation is in the log like any other, and nobody pays for it. */
export const probeShopper = 'onboarding-probe';
