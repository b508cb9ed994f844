/** A distribution's id as AWS writes it: capitals. infra/settings/checked.js holds parameters to the same form. */
export const DISTRIBUTION_ID = /^E[0-9A-Z]{6,20}$/;
