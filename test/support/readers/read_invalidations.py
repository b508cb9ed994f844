"""Reads back invalidations with a client that is not ours: boto3, which knows nothing of Usher.

read_invalidations.py DISTRIBUTION_ID: paths and status of each, oldest first. Prints JSON.
"""

import json
import sys

import boto3


def main():
    (distribution_id,) = sys.argv[1:]
    cloudfront = boto3.client("cloudfront")
    pages = cloudfront.get_paginator("list_invalidations").paginate(DistributionId=distribution_id)
    ids = [item["Id"] for item in pages.search("InvalidationList.Items[]") if item]
    answers = [cloudfront.get_invalidation(DistributionId=distribution_id, Id=each)["Invalidation"] for each in ids]
    answers.sort(key=lambda answer: answer["CreateTime"])
    print(
        json.dumps(
            [
                {"status": answer["Status"], "paths": answer["InvalidationBatch"]["Paths"]["Items"]}
                for answer in answers
            ]
        )
    )


main()
