/** `23 s`, `1 min 48 s`, `2 h 5 min`, `3 d`. */
export const englishDuration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const [minutes, hours] = [Math.floor(whole / 60), Math.floor(whole / 3_600)];
  if (whole < 60) return `${whole} s`;
  if (minutes < 10 && whole % 60 !== 0) return `${minutes} min ${whole % 60} s`;
  if (hours < 1) return `${minutes} min`;
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
};

/** `23秒`, `1分48秒`, `2時間5分`, `3日`. */
export const japaneseDuration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const [minutes, hours] = [Math.floor(whole / 60), Math.floor(whole / 3_600)];
  if (whole < 60) return `${whole}秒`;
  if (minutes < 10 && whole % 60 !== 0) return `${minutes}分${whole % 60}秒`;
  if (hours < 1) return `${minutes}分`;
  if (hours < 48) return minutes % 60 === 0 ? `${hours}時間` : `${hours}時間${minutes % 60}分`;
  return `${Math.floor(hours / 24)}日`;
};

/** A length of time that something lasted: 分 takes 間, 時間 and 秒 do not need it. */
export const japaneseLasting = (seconds: number): string => {
  const text = japaneseDuration(seconds);
  return text.endsWith('分') || text.endsWith('日') ? `${text}間` : text;
};
