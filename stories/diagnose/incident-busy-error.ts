/** Others wrote about the same subject at the same moment, again and again: the message is to be taken again. */
export class IncidentBusyError extends Error {
  override readonly name = 'IncidentBusyError';
}
