/** Reasons that checks find beside those of the network engine and of `DescribeTargetHealth`. */
export type DiagnosisReason =
  // what could be looked at
  | 'SubjectGone' // what the alarm watches is there no more; evidence.subject
  | 'CouldNotLook' // a read was denied or failed; evidence.what, evidence.why
  // who is there
  | 'NoTargets' // nothing is registered
  | 'StatusCheckFailed' // EC2's own check of instance or host; evidence.check
  | 'WarmingUp' // just launched, just registered, or in slow start
  | 'ImagesDiffer' // healthy and unhealthy targets run different AMIs
  | 'AllHealthyInOneZone'
  | 'ZoneWithoutTargets' // cross-zone balancing is off and an enabled zone has no healthy target
  | 'FailOpen' // all are unhealthy, so the balancer sends to all of them
  | 'DeployInProgress' // instance refresh, CodeDeploy, or a registration just made
  // ports and health check
  | 'PortDiffers' // registered on another port than the targets that are healthy
  | 'HealthCheckPortDiffers' // asked on another port than it serves
  | 'HealthCheckRedirected' // 3xx where the matcher wants another code
  | 'HealthCheckNeedsLogin' // 401, 403
  | 'HealthCheckPathMissing' // 404
  | 'HealthCheckServerError' // 5xx
  | 'HealthCheckPlainOnTls' // asked by HTTP on a port that speaks TLS (400)
  | 'HealthCheckTlsOnPlain' // asked by HTTPS on a port that speaks plain HTTP
  | 'HealthCheckTimeoutShort' // the network passes and the check waits for less than it does by default
  | 'TlsTooNew' // NLB and GWLB ask by TLS 1.2 at most
  | 'ApplicationRefuses' // the network passes, nothing answers on the port
  | 'ApplicationSilent' // the network passes, the connection is made, no answer in time
  // network beside the engine
  | 'SourceDestinationCheckOff'
  | 'SourceDestinationCheckOn' // of an appliance behind a Gateway Load Balancer
  | 'HairpinWithPreservedAddresses'
  // answers of the balancer's own
  | 'NoHealthyTarget' // 503
  | 'TargetUnreachable' // 502, 504 or connection errors: no connection
  | 'TargetClosedConnection' // 502: keep-alive shorter than the balancer's idle time-out
  | 'ApplicationSlow' // answers come late; 504 when later than the idle time-out
  | 'ApplicationErrors'; // targets answer, with server errors of their own
