/** How a line is coloured: never the only sign of anything. */
export type Paint = (text: string, colour: 'green' | 'red' | 'yellow' | 'bold' | 'faint') => string;

const CODES = { green: [32, 39], red: [31, 39], yellow: [33, 39], bold: [1, 22], faint: [2, 22] } as const;

export const paintFor = (isColoured: boolean): Paint =>
  isColoured ? (text, colour) => `\u001b[${CODES[colour][0]}m${text}\u001b[${CODES[colour][1]}m` : (text) => text;
