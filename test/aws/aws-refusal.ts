/** An error as the SDK throws it for an XML protocol: the class's name, the code on the wire, and how it got there. */
export const awsRefusal = (Code: string, message: string, attempts = 1): Error =>
  Object.assign(new Error(message), {
    name: Code,
    Code,
    $fault: 'client',
    $metadata: { httpStatusCode: 400, attempts, totalRetryDelay: 0 },
  });
