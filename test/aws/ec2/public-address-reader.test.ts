import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { publicAddressReader } from '../../../aws/ec2/public-address-reader.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});
const reader = publicAddressReader(new EC2Client({ region: 'ap-northeast-1' }));

test.each([
  ['198.51.100.7', 'association.public-ip'],
  ['2001:db8::7', 'ipv6-addresses.ipv6-address'],
])('Given %s, then the interface that wears it says whose it is', async (address, Name) => {
  ec2.on(DescribeNetworkInterfacesCommand, { Filters: [{ Name, Values: [address] }] }).resolves({
    NetworkInterfaces: [{ Description: 'ELB app/web-alb/0123456789abcdef' }],
  });
  expect(await reader.readDescriptionOfWearer(address)).toBe('ELB app/web-alb/0123456789abcdef');
});

test('Given an address of others, then nobody here wears it', async () => {
  ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [] });
  expect(await reader.readDescriptionOfWearer('198.51.100.7')).toBeUndefined();
});
