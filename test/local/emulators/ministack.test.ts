import { expect, test } from '@jest/globals';
import { endpointsElsewhere } from '../../../local/emulators/ministack.ts';

test('What MiniStack does not answer itself goes elsewhere, under the names that SDKs read', () => {
  expect(endpointsElsewhere('http://127.0.0.1:4000')).toEqual({
    AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:4000',
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: 'http://127.0.0.1:4000',
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: 'http://127.0.0.1:4000',
    AWS_ENDPOINT_URL_AUTO_SCALING: 'http://127.0.0.1:4000',
    AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API: 'http://127.0.0.1:4000',
    AWS_ENDPOINT_URL_ACM: 'http://127.0.0.1:4000',
    AWS_ENDPOINT_URL_CLOUDFRONT: 'http://127.0.0.1:4000',
    AWS_ENDPOINT_URL_ROUTE_53: 'http://127.0.0.1:4000',
    AWS_ENDPOINT_URL_ROUTE_53_DOMAINS: 'http://127.0.0.1:4000',
  });
});
