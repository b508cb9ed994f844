import type { DoctorPorts } from '../../stories/doctor/ports.ts';

const LATE = { kind: 'late' } as const;

/** A time that all looks of one examination share, from now on. What comes of a look that is late is nobody's any more. */
export const untilLate = (milliseconds: number): DoctorPorts['inTime'] => {
  const endsAt = performance.now() + milliseconds;
  let isLate = false;
  return async (look) => {
    const left = endsAt - performance.now();
    if (isLate || left <= 0) return LATE;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<typeof LATE>((resolve) => {
      timer = setTimeout(() => {
        isLate = true;
        resolve(LATE);
      }, left);
    });
    const looked = look().then((value) => ({ kind: 'in-time', value }) as const);
    // Once it is late nobody waits for its failure either.
    looked.catch(() => undefined);
    try {
      return await Promise.race([looked, late]);
    } finally {
      clearTimeout(timer);
    }
  };
};
