import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';

/** Whose public addresses are. Throws `AwsCallError`. */
export interface PublicAddressReader {
  /** What the interface that wears an address says of itself (`ELB app/web/0a1b`); `undefined` of an address of others. */
  readDescriptionOfWearer(address: string): Promise<string | undefined>;
}

const CALL: AwsCall = { service: 'EC2', action: 'DescribeNetworkInterfaces' };

export const publicAddressReader = (client: EC2Client): PublicAddressReader => ({
  async readDescriptionOfWearer(address) {
    const Filters = [
      address.includes(':')
        ? { Name: 'ipv6-addresses.ipv6-address', Values: [address] }
        : { Name: 'association.public-ip', Values: [address] },
    ];
    const answer = await callAws(CALL, () => client.send(new DescribeNetworkInterfacesCommand({ Filters })));
    return given(CALL, 'NetworkInterfaces', answer.NetworkInterfaces)[0]?.Description;
  },
});
