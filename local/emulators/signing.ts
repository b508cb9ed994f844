/**
 * Headers by which an emulator tells which service, Region and caller a request is for. The signature is not checked by
 * either emulator, so there is none worth computing.
 */
export const unsignedHeaders = (service: string, region: string, accessKeyId = 'test'): Record<string, string> => ({
  authorization:
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, ` +
    'SignedHeaders=host, Signature=0',
});
