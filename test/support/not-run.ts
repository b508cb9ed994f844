/** The exit code of a tier that cannot be run on this machine and has said why; not 1, which is a failure. */
export const NOT_RUN = 77;
