/**
 * Reasons that checks find beside those of the network engine and of `DescribeTargetHealth`. What is about targets has in its
 * evidence `targets` (the first few names), `count`, `of` (registered targets), and `targetGroup`; what is about a health check `code`, `port`,
 * `path`, `matcher` as far as they are known.
 */
export type DiagnosisReason =
  // what could be looked at
  | 'SubjectGone' // what the alarm watches is there no more; evidence.subject: target-group or load-balancer, evidence.id
  | 'WatchesElsewhere' // what the alarm watches is in another account or Region; evidence.account, evidence.region
  | 'CouldNotLook' // a read was denied or failed; evidence.what, evidence.why
  // who is there
  | 'NoTargets' // nothing is registered; evidence.targetGroup
  | 'TooFewHealthy' // fewer are healthy than the alarm wants; evidence.healthy, evidence.needed, evidence.of registered
  | 'StatusCheckFailed' // EC2's own check; evidence.check: instance, system, or both
  | 'WarmingUp' // just launched, or in slow start; evidence.seconds since the launch, evidence.slowStartSeconds
  | 'ImagesDiffer' // healthy and unhealthy targets run different AMIs; evidence.image, evidence.otherImage
  | 'AllHealthyInOneZone' // evidence.zone, evidence.healthy
  | 'ZoneWithoutTargets' // cross-zone balancing is off and enabled zones have no healthy target; evidence.zones
  | 'FailOpen' // none is healthy, so the balancer sends to all of them
  | 'DeployInProgress' // evidence.deploy: instance-refresh, codedeploy, registration; evidence.name, evidence.seconds since
  // ports and health check
  | 'PortDiffers' // registered on another port than the targets that are healthy; evidence.port, evidence.otherPort
  | 'HealthCheckPortDiffers' // asked on another port than it serves; evidence.port, evidence.targetPort
  | 'HealthCheckRedirected' // 3xx where the matcher wants another code
  | 'HealthCheckNeedsLogin' // 401, 403
  | 'HealthCheckPathMissing' // 404
  | 'HealthCheckServerError' // 5xx
  | 'HealthCheckPlainOnTls' // asked by HTTP on a port that speaks TLS (400)
  | 'HealthCheckTlsOnPlain' // asked by HTTPS on a port that speaks plain HTTP
  | 'HealthCheckTimeoutShort' // the network passes and the check waits for less than by default; evidence.timeoutSeconds
  | 'TlsTooNew' // NLB and GWLB ask by TLS 1.2 at most
  | 'ApplicationRefuses' // the network passes, nothing answers on the port; evidence.port, evidence.code: AWS's reason code
  | 'ApplicationSilent' // the network passes, no answer in time; evidence.port, .code, .timeoutSeconds
  // network beside the engine
  | 'SourceDestinationCheckOff' // only on targets that are unhealthy: they are set to forward
  | 'SourceDestinationCheckOn' // of an appliance behind a Gateway Load Balancer
  | 'ApplianceMtuTooSmall' // instance types that take no jumbo frames, behind a Gateway Load Balancer; evidence.instanceType
  | 'ApplianceMtuUnseen' // what MTU an appliance has set can't be told from outside
  | 'HairpinWithPreservedAddresses' // evidence.loadBalancer
  // answers of the balancer's own
  | 'NoHealthyTarget' // 503
  | 'TargetUnreachable' // 502, 504 or connection errors: no connection; evidence.code where one is known
  | 'TargetClosedConnection' // 502: keep-alive shorter than the balancer's idle time-out; evidence.idleTimeoutSeconds
  | 'ApplicationSlow' // answers come late; evidence.code 504 when later than evidence.idleTimeoutSeconds
  | 'ApplicationErrors'; // targets answer, with server errors of their own
