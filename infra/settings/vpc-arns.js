const VPC_ID = /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

const arnOf = (vpc) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:vpc/${vpc}` });

/**
 * ARNs of the VPCs that the parameter `vpcIds` names, or a pattern for every VPC of this account and Region when it
 * names none. For the condition key `ec2:Vpc`, whose value is an ARN.
 * @throws {Error} when an entry is no VPC id: deployed, it would quietly forbid every rule
 */
export const vpcArns = async ({ resolveVariable }) => {
  const vpcIds = String(await resolveVariable('param:vpcIds'))
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const strange = vpcIds.find((vpcId) => !VPC_ID.test(vpcId));
  if (strange !== undefined) throw new Error(`vpcIds holds "${strange}", which is no VPC id`);
  return (vpcIds.length === 0 ? ['*'] : vpcIds).map(arnOf);
};
