"""Reads back what Usher did, with a client that is not ours: boto3, which knows nothing of Usher.

read_back.py site TARGET_GROUP_ARN SECURITY_GROUP_ID: the group's targets and the security group's inbound rules.
read_back.py classic BALANCER_NAME SECURITY_GROUP_ID: the Classic balancer's instances and the security group's inbound rules.
read_back.py alarms PREFIX: metric alarms whose names begin so, with their tags.
read_back.py log LOG_GROUP: every line of a function's log.
Prints JSON.
"""

import json
import sys

import boto3


def targets_of(target_group_arn):
    answer = boto3.client("elbv2").describe_target_health(TargetGroupArn=target_group_arn)
    return [
        {
            "id": item["Target"]["Id"],
            "port": item["Target"]["Port"],
            "state": item["TargetHealth"]["State"],
        }
        for item in answer["TargetHealthDescriptions"]
    ]


def instances_of(balancer_name):
    elb = boto3.client("elb")
    (balancer,) = elb.describe_load_balancers(LoadBalancerNames=[balancer_name])["LoadBalancerDescriptions"]
    health = elb.describe_instance_health(LoadBalancerName=balancer_name)["InstanceStates"]
    states = {item["InstanceId"]: item["State"] for item in health}
    return [{"id": item["InstanceId"], "state": states.get(item["InstanceId"])} for item in balancer["Instances"]]


def inbound_rules_of(group_id):
    pages = boto3.client("ec2").get_paginator("describe_security_group_rules")
    rules = pages.paginate(Filters=[{"Name": "group-id", "Values": [group_id]}]).search("SecurityGroupRules[]")
    names = ("IpProtocol", "FromPort", "ToPort", "CidrIpv4", "CidrIpv6", "PrefixListId")
    return [
        {
            **{name: rule[name] for name in names if name in rule},
            "from": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
            "tags": {tag["Key"]: tag["Value"] for tag in rule.get("Tags", [])},
        }
        for rule in rules
        if not rule["IsEgress"]
    ]


def alarms_of(prefix):
    cloudwatch = boto3.client("cloudwatch")
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm"])
    names = (
        "AlarmName",
        "Namespace",
        "MetricName",
        "Statistic",
        "Period",
        "EvaluationPeriods",
        "DatapointsToAlarm",
        "Threshold",
        "ComparisonOperator",
        "TreatMissingData",
    )
    return [
        {
            **{name: alarm[name] for name in names if name in alarm},
            "dimensions": {each["Name"]: each["Value"] for each in alarm["Dimensions"]},
            "actions": alarm.get("AlarmActions", []),
            "tags": {
                tag["Key"]: tag["Value"]
                for tag in cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
            },
        }
        for alarm in pages.search("MetricAlarms[]")
    ]


def log_of(log_group):
    pages = boto3.client("logs").get_paginator("filter_log_events")
    return [event["message"] for event in pages.paginate(logGroupName=log_group).search("events[]") if event]


def main():
    what, *arguments = sys.argv[1:]
    if what == "site":
        target_group_arn, group_id = arguments
        answer = {"targets": targets_of(target_group_arn), "rules": inbound_rules_of(group_id)}
    elif what == "classic":
        balancer_name, group_id = arguments
        answer = {"instances": instances_of(balancer_name), "rules": inbound_rules_of(group_id)}
    elif what == "alarms":
        answer = alarms_of(*arguments)
    else:
        answer = log_of(*arguments)
    print(json.dumps(answer))


main()
