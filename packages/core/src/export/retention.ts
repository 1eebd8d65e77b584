/** After so many days the files of an export are deleted, and its row with them. */
export const exportDays = 7;
