import type { DiagnosisReason } from '../../domain/diagnosis/reasons.ts';

interface Said {
  readonly en: readonly string[];
  readonly ja: readonly string[];
}

/** What each report of `DIAGNOSES` says, line by line. */
export const DIAGNOSIS_WORDS: Readonly<Record<string, Said>> = {
  'down, 504, a rule is missing': {
    en: [
      ':rotating_light: *www.example.co.jp is down: 0 of 2 targets healthy since 13:59* <!subteam^S0ONCALL1>',
      'Visitors see: 504 (gateway timeout: no target answers in time). Instances are running; listener, zones, ACLs pass.',
      'Cause: `sg-web` doesn’t admit `sg-alb` on tcp/80.',
      'Who: not in CloudTrail yet; I’ll add it here. For this alarm nothing was changed.',
      '*Next: press “Add the rule”* (one rule: `sg-web` ← `sg-alb` tcp/80; nothing wider).',
    ],
    ja: [
      ':rotating_light: *www.example.co.jp 停止中：13:59 から 2台中0台が正常* <!subteam^S0ONCALL1>',
      '利用者の画面：504（時間内に応答するターゲットがない）。インスタンスは実行中。リスナー・AZ・ACL は問題ありません。',
      '原因： `sg-web` が `sg-alb` からの tcp/80 を許可していません。',
      '変更者：CloudTrail に未反映です。判明次第ここに追記します。このアラームに対する変更は行っていません。',
      '*次の手順：「ルールを追加」を押してください* （ `sg-web` ← `sg-alb` tcp/80 の1件のみ）。',
    ],
  },
  'down, 504, and the rule was there': {
    en: [
      ':rotating_light: *www.example.co.jp is down: 0 of 2 targets healthy since 13:59* <!subteam^S0ONCALL1>',
      'Visitors see: 504 (gateway timeout: no target answers in time). Instances are running; listener, zones, ACLs pass.',
      'Cause: `sg-web` doesn’t admit `sg-alb` on tcp/80. Rule `sgr-0ab1` existed at 13:47.',
      'Who: not in CloudTrail yet; I’ll add it here. For this alarm nothing was changed.',
      '*Next: press “Add the rule”* (one rule: `sg-web` ← `sg-alb` tcp/80; nothing wider).',
    ],
    ja: [
      ':rotating_light: *www.example.co.jp 停止中：13:59 から 2台中0台が正常* <!subteam^S0ONCALL1>',
      '利用者の画面：504（時間内に応答するターゲットがない）。インスタンスは実行中。リスナー・AZ・ACL は問題ありません。',
      '原因： `sg-web` が `sg-alb` からの tcp/80 を許可していません。ルール `sgr-0ab1` は 13:47 には存在しました。',
      '変更者：CloudTrail に未反映です。判明次第ここに追記します。このアラームに対する変更は行っていません。',
      '*次の手順：「ルールを追加」を押してください* （ `sg-web` ← `sg-alb` tcp/80 の1件のみ）。',
    ],
  },
  'down, 502': {
    en: [
      ':rotating_light: *www.example.co.jp is down: 0 of 2 targets healthy since 13:59* <!subteam^S0ONCALL1>',
      'Visitors see: 502 (bad gateway: no connection to a target, or one that broke off).',
      'Likely cause: the application isn’t running on web-1, web-2 and 3 more, or doesn’t listen on port 8080 (`Target.FailedHealthChecks`). The network lets it through (security groups, ACLs, zone: all pass).',
      'Who: not in CloudTrail yet; I’ll add it here. For this alarm nothing was changed.',
      '*Next:* on web-1, web-2 and 3 more: start the application, and see whether it listens on port 8080.',
    ],
    ja: [
      ':rotating_light: *www.example.co.jp 停止中：13:59 から 2台中0台が正常* <!subteam^S0ONCALL1>',
      '利用者の画面：502（ターゲットに接続できないか、途中で切断）。',
      '推定原因：web-1, web-2 ほか3台 でアプリケーションが起動していないか、ポート8080で待ち受けていません（ `Target.FailedHealthChecks` ）。ネットワーク経路は正常です（セキュリティグループ・ACL・AZ とも通過）。',
      '変更者：CloudTrail に未反映です。判明次第ここに追記します。このアラームに対する変更は行っていません。',
      '*次の手順：* web-1, web-2 ほか3台 でアプリケーションを起動し、ポート8080で待ち受けているか確認してください。',
    ],
  },
  'down, 503, nobody registered': {
    en: [
      ':rotating_light: *www.example.co.jp is down: no target registered since 13:59* <!subteam^S0ONCALL1>',
      'Visitors see: 503 (service unavailable: nobody is there to take a request).',
      'Cause: web-prod has no registered target.',
      'Who: not in CloudTrail yet; I’ll add it here. For this alarm nothing was changed.',
      '*Next:* register an instance in web-prod, or start one that belongs there.',
    ],
    ja: [
      ':rotating_light: *www.example.co.jp 停止中：13:59 から 登録済みターゲットなし* <!subteam^S0ONCALL1>',
      '利用者の画面：503（リクエストを処理できるターゲットがない）。',
      '原因：web-prod に登録済みのターゲットがありません。',
      '変更者：CloudTrail に未反映です。判明次第ここに追記します。このアラームに対する変更は行っていません。',
      '*次の手順：* web-prod にインスタンスを登録するか、属するインスタンスを開始してください。',
    ],
  },
  'down, without a code': {
    en: [
      ':rotating_light: *www.example.co.jp is down since 13:59* <!subteam^S0ONCALL1>',
      'Visitors: nobody is served.',
      'Cause: none of web-1, web-2 is healthy, so the balancer sends requests to all of them (fail-open).',
      'Who: not in CloudTrail yet; I’ll add it here. For this alarm nothing was changed.',
      '*Next:* mend the health check first: whoever answers it well gets all the traffic again.',
    ],
    ja: [
      ':rotating_light: *www.example.co.jp 停止中（13:59 から）* <!subteam^S0ONCALL1>',
      '利用者への影響：あり（応答できるターゲットがありません）。',
      '原因：web-1, web-2 がどれも正常でないため、ロードバランサーは全台に振り分けています（フェイルオープン）。',
      '変更者：CloudTrail に未反映です。判明次第ここに追記します。このアラームに対する変更は行っていません。',
      '*次の手順：* まずヘルスチェックを直してください。正常に応答したターゲットに、すべてのアクセスが戻ります。',
    ],
  },
  'down again, with two rules missing, and who removed them': {
    en: [
      ':rotating_light: *www.example.co.jp is down again: 0 of 2 targets healthy since 13:59* <!subteam^S0ONCALL1>',
      'Visitors see: 504 (gateway timeout: no target answers in time). Instances are running; listener, zones, ACLs pass.',
      'Cause: `sg-web` doesn’t admit `sg-alb` on tcp/80.',
      'Changes around then: suzuki (console) removed an inbound rule from `sg-web` at 13:58; ci (Terraform) changed the subnets of `web-alb` at 13:58. If CloudTrail tells more, I add it here. For this alarm nothing was changed.',
      '*Next: press “Add 2 rules”* (2 rules: `sg-web` ← `sg-alb` tcp/80, `sg-alb` → `sg-web` tcp/80; nothing wider).',
    ],
    ja: [
      ':rotating_light: *www.example.co.jp 再び停止中：13:59 から 2台中0台が正常* <!subteam^S0ONCALL1>',
      '利用者の画面：504（時間内に応答するターゲットがない）。インスタンスは実行中。リスナー・AZ・ACL は問題ありません。',
      '原因： `sg-web` が `sg-alb` からの tcp/80 を許可していません。',
      '前後の変更：13:58 suzuki（コンソール）が `sg-web` のインバウンドルールを削除、13:58 ci（Terraform）が `web-alb` のサブネットを変更。CloudTrail でさらに判明すれば、ここに追記します。このアラームに対する変更は行っていません。',
      '*次の手順：「ルール2件を追加」を押してください* （ `sg-web` ← `sg-alb` tcp/80、 `sg-alb` → `sg-web` tcp/80 の2件のみ）。',
    ],
  },
  'a rule is missing that may not be added': {
    en: [
      ':rotating_light: *www.example.co.jp is down: 0 of 2 targets healthy since 13:59* <!subteam^S0ONCALL1>',
      'Visitors see: 504 (gateway timeout: no target answers in time). Instances are running; listener, zones, ACLs pass.',
      'Cause: `sg-web` doesn’t admit `sg-alb` on tcp/80.',
      'For this alarm nothing was changed.',
      '*Next:* add an inbound rule to `sg-web`, tcp/80 from `sg-alb`.',
    ],
    ja: [
      ':rotating_light: *www.example.co.jp 停止中：13:59 から 2台中0台が正常* <!subteam^S0ONCALL1>',
      '利用者の画面：504（時間内に応答するターゲットがない）。インスタンスは実行中。リスナー・AZ・ACL は問題ありません。',
      '原因： `sg-web` が `sg-alb` からの tcp/80 を許可していません。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* `sg-web` のインバウンドルールに `sg-alb` からの tcp/80 を追加してください。',
    ],
  },
  'fail-open': {
    en: [
      ':rotating_light: *www.example.co.jp: 0 of 2 targets healthy since 13:59* – all get requests <!subteam^S0ONCALL1>',
      'Visitors: likely affected. No target of web-prod is healthy, so the balancer tries all of them, healthy or not (fail-open).',
      'Cause: web-1, web-2 and 3 more have no page at the health check’s path: `404` on port 8080 (`/health`, expected: `200`).',
      'Who: not in CloudTrail yet; I’ll add it here. For this alarm nothing was changed.',
      '*Next:* correct the health check’s path of web-prod, or let the application answer at `/health`.',
    ],
    ja: [
      ':rotating_light: *www.example.co.jp：13:59 から2台中0台が正常* （全台に振り分け中） <!subteam^S0ONCALL1>',
      '利用者への影響：あり（推定）。web-prod に正常なターゲットがなく、ロードバランサーは異常なものも含む全台に振り分けます（フェイルオープン）。',
      '原因：web-1, web-2 ほか3台 にヘルスチェックのパスのページがありません： `404` （ポート8080、 `/health` 、成功コード： `200` ）。',
      '変更者：CloudTrail に未反映です。判明次第ここに追記します。このアラームに対する変更は行っていません。',
      '*次の手順：* web-prod のヘルスチェックのパスを直すか、 `/health` に応答を用意してください。',
    ],
  },
  'partly down': {
    en: [
      ':warning: *www.example.co.jp is partly down since 13:59* – no healthy target in 1c',
      'Visitors: requests that enter by 1c fail; the others are served.',
      'Cause: EC2’s system status check fails on web-1, web-2 and 3 more. Also: all healthy ones are in zone ap-northeast-1a.',
      'Who: not in CloudTrail yet; I’ll add it here. For this alarm nothing was changed.',
      '*Next:* stop and start web-1, web-2 and 3 more to move to another host (data on instance store volumes is lost).',
    ],
    ja: [
      ':warning: *www.example.co.jp 一部停止中：13:59 から* （AZ 1c に正常なターゲットなし）',
      '利用者への影響：AZ 1c から入るリクエストが失敗します。ほかは影響ありません。',
      '原因：web-1, web-2 ほか3台 で、EC2 のシステムのステータスチェックが失敗しています。その他：正常なものが AZ ap-northeast-1a だけです。',
      '変更者：CloudTrail に未反映です。判明次第ここに追記します。このアラームに対する変更は行っていません。',
      '*次の手順：* web-1, web-2 ほか3台 を停止して開始し、別のホストに移してください（インスタンスストアのデータは失われます）。',
    ],
  },
  'one of three': {
    en: [
      ':warning: *www.example.co.jp: 1 of 3 targets not healthy since 13:59* (web-3)',
      'Visitors: not affected. web-1 and web-2 carry all traffic (2 of 3 healthy: 1a ×1, 1c ×1).',
      'Likely cause: the application isn’t running on web-3, or doesn’t listen on port 80 (`Target.FailedHealthChecks`). The network lets it through (security groups, ACLs, zone: all pass). Under way: instance refresh of web-asg since 13:55.',
      'Changes around then: suzuki (console) removed an inbound rule from `sg-web` at 13:58. For this alarm nothing was changed.',
      "*Next:* on web-3: start the application, and see whether it listens on port 80: `sudo ss -ltnp 'sport = :80'`",
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 から3台中1台が異常* （web-3）',
      '利用者への影響：なし（web-1・web-2 が処理中、3台中2台が正常：1a 1台、1c 1台）',
      '推定原因：web-3 でアプリケーションが起動していないか、ポート80で待ち受けていません（ `Target.FailedHealthChecks` ）。ネットワーク経路は正常です（セキュリティグループ・ACL・AZ とも通過）。実施中：インスタンスの更新（web-asg、13:55 から）。',
      '前後の変更：13:58 suzuki（コンソール）が `sg-web` のインバウンドルールを削除。このアラームに対する変更は行っていません。',
      "*次の手順：* web-3 でアプリケーションを起動し、ポート80で待ち受けているか確認してください： `sudo ss -ltnp 'sport = :80'`",
    ],
  },
  'four of seven': {
    en: [
      ':warning: *www.example.co.jp: 4 of 7 targets not healthy again since 13:59* (web-1, web-2 and 2 more)',
      'Visitors: not affected. 3 healthy targets of 7 carry all traffic.',
      'Likely cause: web-1, web-2 and 3 more run AMI `ami-0123456789abcdef0`, the healthy ones `ami-0fedcba9876543210`.',
      'Who: not in CloudTrail yet; I’ll add it here. For this alarm nothing was changed.',
      '*Next:* compare the two AMIs, or go back to the one that is healthy.',
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 から再び7台中4台が異常* （web-1・web-2 ほか2台）',
      '利用者への影響：なし（7台中、正常な3台が処理中）',
      '推定原因：web-1, web-2 ほか3台 の AMI は `ami-0123456789abcdef0` 、正常なターゲットの AMI は `ami-0fedcba9876543210` です。',
      '変更者：CloudTrail に未反映です。判明次第ここに追記します。このアラームに対する変更は行っていません。',
      '*次の手順：* 2つの AMI を比べるか、正常な方の AMI に戻してください。',
    ],
  },
  'some 502': {
    en: [
      ':warning: *www.example.co.jp answers some requests with 502 since 13:59*',
      'Visitors: some see 502 (bad gateway: no connection to a target, or one that broke off).',
      'Likely cause: the balancer answered 502 though targets are healthy: one closed a connection that the balancer still held open (idle timeout 60 s).',
      'For this alarm nothing was changed.',
      '*Next:* set the application’s keep-alive above 60 s.',
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 から一部のリクエストが 502*',
      '利用者の画面：一部で 502（ターゲットに接続できないか、途中で切断）。',
      '推定原因：ターゲットは正常ですが、ロードバランサーが使用中の接続をターゲットが切断し、502 になっています（アイドルタイムアウト：60秒）。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* アプリケーションのキープアライブを60秒より長くしてください。',
    ],
  },
  'some 503': {
    en: [
      ':warning: *www.example.co.jp answers some requests with 503 since 13:59*',
      'Visitors: some see 503 (service unavailable: nobody is there to take a request).',
      'Cause not known: targets, health checks, listeners and network were looked at, and nothing was found amiss.',
      'For this alarm nothing was changed.',
      '*Next:* look up those requests in the balancer’s access log around 13:59.',
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 から一部のリクエストが 503*',
      '利用者の画面：一部で 503（リクエストを処理できるターゲットがない）。',
      '原因は不明：ターゲット・ヘルスチェック・リスナー・ネットワークを確認しましたが、問題は見つかりませんでした。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* ロードバランサーのアクセスログで、13:59 前後の該当リクエストを確認してください。',
    ],
  },
  'some 504': {
    en: [
      ':warning: *www.example.co.jp answers some requests with 504 since 13:59*',
      'Visitors: some see 504 (gateway timeout: no target answers in time).',
      'Likely cause: the application took longer than the balancer’s idle timeout (60 s), so the balancer answered 504.',
      'For this alarm nothing was changed.',
      '*Next:* find the slow requests in the application’s log; raise the idle timeout only if they must take so long.',
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 から一部のリクエストが 504*',
      '利用者の画面：一部で 504（時間内に応答するターゲットがない）。',
      '推定原因：アプリケーションの処理がアイドルタイムアウト（60秒）より長く、ロードバランサーが 504 を返しています。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* アプリケーションのログで遅いリクエストを調べてください。必要な処理時間であれば、アイドルタイムアウトを延ばしてください。',
    ],
  },
  'errors of the application’s': {
    en: [
      ':warning: *www.example.co.jp answers some requests with errors (5xx) since 13:59*',
      'Visitors: some see an error of the application’s (5xx).',
      'Cause: the targets are reached, and the application answers with errors of its own (5xx). Under way: CodeDeploy deployment d-0A1B2C3D4 since 13:55.',
      'For this alarm nothing was changed.',
      '*Next:* look at the application’s error log since then, and at what was deployed.',
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 から一部のリクエストがエラー（5xx）*',
      '利用者の画面：一部でアプリケーションのエラー（5xx）。',
      '原因：ターゲットには接続できていますが、アプリケーション自身が 5xx を返しています。実施中：CodeDeploy のデプロイ（d-0A1B2C3D4、13:55 から）。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* 発生時刻以降のアプリケーションのエラーログと、直前のデプロイを確認してください。',
    ],
  },
  'errors of the balancer’s': {
    en: [
      ':warning: *www.example.co.jp answers some requests with errors (5xx) since 13:59*',
      'Visitors: some see an error of the balancer’s (5xx).',
      'Cause not known: targets, health checks, listeners and network were looked at, and nothing was found amiss.',
      'For this alarm nothing was changed.',
      '*Next:* look up those requests in the balancer’s access log around 13:59.',
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 から一部のリクエストがエラー（5xx）*',
      '利用者の画面：一部でロードバランサーのエラー（5xx）。',
      '原因は不明：ターゲット・ヘルスチェック・リスナー・ネットワークを確認しましたが、問題は見つかりませんでした。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* ロードバランサーのアクセスログで、13:59 前後の該当リクエストを確認してください。',
    ],
  },
  'connections that fail': {
    en: [
      ':warning: *www.example.co.jp: connections to targets fail since 13:59*',
      'Visitors: some may wait or see an error; the balancer can’t always connect.',
      'Likely cause: game-nlb preserves client addresses, so a target that calls itself through it gets no answer.',
      'For this alarm nothing was changed.',
      '*Next:* turn client address preservation of web-prod off, or call the application without the balancer.',
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 からターゲットへの接続に失敗*',
      '利用者への影響：一部で待ち時間やエラーの可能性（ターゲットに接続できないことがあります）。',
      '推定原因：game-nlb でクライアント IP アドレスの保持が有効なため、ターゲットから自分自身への接続が応答しません。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* web-prod のクライアント IP アドレスの保持をオフにするか、ロードバランサーを通さずに接続してください。',
    ],
  },
  slow: {
    en: [
      ':warning: *www.example.co.jp answers slowly since 13:59*',
      'Visitors: answers come late.',
      'Likely cause: the application answers more slowly than the alarm allows (the balancer waits 60 s). Also: it has only just started. Under way: registration of web-3 since Sat 21 Nov 13:55 JST.',
      'For this alarm nothing was changed.',
      '*Next:* find the slow requests in the application’s log; raise the idle timeout only if they must take so long.',
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 から応答が遅延*',
      '利用者への影響：応答が遅くなっています。',
      '推定原因：アプリケーションの応答が、アラームのしきい値より遅くなっています（アイドルタイムアウト：60秒）。その他：起動した直後です。実施中：ターゲットの登録（web-3、11/21(土) 13:55 JST から）。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* アプリケーションのログで遅いリクエストを調べてください。必要な処理時間であれば、アイドルタイムアウトを延ばしてください。',
    ],
  },
  unused: {
    en: [
      ':information_source: *www.example.co.jp: alarm since 13:59* – no requests are sent there',
      'Visitors: not affected. No requests are sent to web-prod.',
      'Cause: no listener or rule forwards to web-prod, so it gets no requests.',
      'For this alarm nothing was changed.',
      '*Next:* forward to web-prod from a listener or rule of the load balancer.',
    ],
    ja: [
      ':information_source: *www.example.co.jp：13:59 からアラーム* （リクエストの送り先になっていません）',
      '利用者への影響：なし（web-prod にはリクエストが送られません）',
      '原因：web-prod へ転送するリスナーもルールもないため、リクエストが届きません。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* ロードバランサーのリスナーかルールから web-prod へ転送してください。',
    ],
  },
  'what could not be read': {
    en: [
      ':warning: *web-prod: alarm since 13:59* – effect on visitors not known',
      'Visitors: whether they are affected could not be told.',
      'Cause not known: the listeners and their rules could not be read (`AccessDenied`).',
      'For this alarm nothing was changed.',
      '*Next:* if it was denied, give Usher’s role that read; look at it yourself until then.',
    ],
    ja: [
      ':warning: *web-prod：13:59 からアラーム* （利用者への影響は不明）',
      '利用者への影響：判定できませんでした。',
      '原因は不明：リスナーとルールを読み取れませんでした（ `AccessDenied` ）。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* 拒否された場合は Usher のロールに読み取りを許可してください。それまでは直接確認してください。',
    ],
  },
  'what is gone': {
    en: [
      ':warning: *web-prod: alarm since 13:59* – effect on visitors not known',
      'Visitors: whether they are affected could not be told.',
      'Cause: the target group web does not exist any more.',
      'For this alarm nothing was changed.',
      '*Next:* delete the alarm, or point it to what took its place.',
    ],
    ja: [
      ':warning: *web-prod：13:59 からアラーム* （利用者への影響は不明）',
      '利用者への影響：判定できませんでした。',
      '原因：ターゲットグループ web がすでに存在しません。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* アラームを削除するか、監視対象を現在のものに変更してください。',
    ],
  },
  'nothing known at all': {
    en: [
      ':warning: *web-prod-unhealthy: alarm since 13:59* – effect on visitors not known',
      'Visitors: whether they are affected could not be told.',
      'Cause not known: too little could be read.',
      'For this alarm nothing was changed.',
      '*Next:* look at the applications’ logs around 13:59.',
    ],
    ja: [
      ':warning: *web-prod-unhealthy：13:59 からアラーム* （利用者への影響は不明）',
      '利用者への影響：判定できませんでした。',
      '原因は不明：読み取れた情報が足りません。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* 13:59 前後のアプリケーションのログを確認してください。',
    ],
  },
  'another metric, all well': {
    en: [
      ':information_source: *www.example.co.jp: alarm since 13:59* – all 3 targets are healthy',
      'Visitors: not affected. 3 healthy targets of 3 carry all traffic.',
      'The alarm watches `ProcessedBytes`, which says nothing by itself about health or errors; so I looked at targets and network. Cause not known: targets, health checks, listeners and network were looked at, and nothing was found amiss.',
      'For this alarm nothing was changed.',
      '*Next:* look at the alarm’s graph around 13:59 and at what changed then.',
    ],
    ja: [
      ':information_source: *www.example.co.jp：13:59 からアラーム* （3台すべて正常）',
      '利用者への影響：なし（3台中、正常な3台が処理中）',
      'アラームの対象は `ProcessedBytes` で、それだけでは正常性やエラーを判断できないため、ターゲットとネットワークを確認しました。原因は不明：ターゲット・ヘルスチェック・リスナー・ネットワークを確認しましたが、問題は見つかりませんでした。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* 13:59 前後のアラームのグラフと、その時刻の変更を確認してください。',
    ],
  },
  'a query, with something found': {
    en: [
      ':warning: *www.example.co.jp: 1 of 3 targets not healthy since 13:59* (web-3)',
      'Visitors: not affected. web-1 and web-2 carry all traffic (2 of 3 healthy: 1a ×1, 1c ×1).',
      'The alarm doesn’t say which metric of which balancer it is about; so I looked at targets and network. Likely cause: web-3 doesn’t answer on port 80 within 5 s: overloaded, hanging, or dropped by a firewall on the host (`Target.Timeout`). The network lets it through (security groups, ACLs, zone: all pass).',
      'For this alarm nothing was changed.',
      '*Next:* on web-3: check the load, the application’s log and the host’s own firewall.',
    ],
    ja: [
      ':warning: *www.example.co.jp：13:59 から3台中1台が異常* （web-3）',
      '利用者への影響：なし（web-1・web-2 が処理中、3台中2台が正常：1a 1台、1c 1台）',
      'アラームからは、どのロードバランサーのどのメトリクスか分からないため、ターゲットとネットワークを確認しました。推定原因：web-3 がポート80で5秒以内に応答していません。過負荷、処理の停止、またはホスト上のファイアウォールが考えられます（ `Target.Timeout` ）。ネットワーク経路は正常です（セキュリティグループ・ACL・AZ とも通過）。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* web-3 で、負荷・アプリケーションのログ・ホストのファイアウォールを確認してください。',
    ],
  },
  'all well by now': {
    en: [
      ':information_source: *www.example.co.jp: alarm since Fri 20 Nov 13:59 JST* – all 3 targets are healthy',
      'Visitors: not affected. 3 healthy targets of 3 carry all traffic.',
      'Cause not known: targets, health checks, listeners and network were looked at, and nothing was found amiss.',
      'For this alarm nothing was changed.',
      '*Next:* nothing if it was once; else look at the applications’ logs around Fri 20 Nov 13:59 JST.',
    ],
    ja: [
      ':information_source: *www.example.co.jp：11/20(金) 13:59 JST からアラーム* （3台すべて正常）',
      '利用者への影響：なし（3台中、正常な3台が処理中）',
      '原因は不明：ターゲット・ヘルスチェック・リスナー・ネットワークを確認しましたが、問題は見つかりませんでした。',
      'このアラームに対する変更は行っていません。',
      '*次の手順：* 一度だけなら対応は不要です。続く場合は 11/20(金) 13:59 JST 前後のアプリケーションのログを確認してください。',
    ],
  },
  'who changed it': {
    en: [':bust_in_silhouette: *Who: suzuki (console)* removed an inbound rule from sg-web at 13:58'],
    ja: [':bust_in_silhouette: *変更者：suzuki（コンソール）*　13:58 sg-web のインバウンドルールを削除'],
  },
  'who changed it, three changes': {
    en: [
      ':bust_in_silhouette: *Who: suzuki (console)* removed an inbound rule from sg-web at 13:58',
      'Changes around then: somebody (chatbot) called `PutSomethingNew` on `sg-web` at 13:58; suzuki stopped `sg-web` at Sat 21 Nov 10:00 JST.',
    ],
    ja: [
      ':bust_in_silhouette: *変更者：suzuki（コンソール）*　13:58 sg-web のインバウンドルールを削除',
      '前後の変更：13:58 だれか（chatbot）が `sg-web` に `PutSomethingNew` を実行、11/21(土) 10:00 JST suzuki が `sg-web` を停止。',
    ],
  },
  'nobody changed it': {
    en: [':bust_in_silhouette: *Who: CloudTrail tells of no change* – alarm web-prod-unhealthy'],
    ja: [':bust_in_silhouette: *変更者：CloudTrail に該当する変更はありません* （アラーム web-prod-unhealthy）'],
  },
  'back to normal': {
    en: [
      ':white_check_mark: *Back: 2 of 2 healthy at 14:02*, after 7 min (web-prod)',
      'Changes around then: suzuki (console) removed an inbound rule from `sg-web` at 13:58; Usher added an inbound rule to `sg-web` at 14:01.',
      'Nothing to do.',
    ],
    ja: [
      ':white_check_mark: *復旧：14:02 に 2台中2台が正常* （web-prod、アラーム7分間）',
      '前後の変更：13:58 suzuki（コンソール）が `sg-web` のインバウンドルールを削除、14:01 Usher が `sg-web` にインバウンドルールを追加。',
      '対応は不要です。',
    ],
  },
  'back, and nobody was served in between': {
    en: [':white_check_mark: *Back: 2 of 2 healthy at 14:02*, down 7 min (web-prod)', 'Nothing to do.'],
    ja: [':white_check_mark: *復旧：14:02 に 2台中2台が正常* （web-prod、停止7分間）', '対応は不要です。'],
  },
  'its alarm is gone, not all well': {
    en: [
      ':information_source: *Alarm deleted or renamed: 1 of 2 healthy at 14:02* – I no longer follow it (web-prod)',
      'This alarm was deleted or renamed while raised, so nobody tells of the end: web-prod-unhealthy. *Next:* make an alarm again if you want to hear of this group, and see about its targets: whether all is well is not known.',
    ],
    ja: [
      ':information_source: *アラームが削除または名前変更されました：14:02 に 2台中1台が正常* （web-prod、追跡を終了します）',
      'アラーム状態のまま削除または名前変更されたため、終了の通知は届きません：web-prod-unhealthy。 *次の手順：* 引き続き通知が必要ならアラームを作り直し、ターゲットの状態を確認してください（復旧したかどうかは不明です）。',
    ],
  },
  'its alarms are gone, all well': {
    en: [
      ':white_check_mark: *Back: 2 of 2 healthy at 14:02*, after 7 min (web-prod)',
      'These alarms were deleted or renamed while raised, so nobody tells of the end: web-prod-unhealthy, web-prod-too-few. Nothing to do.',
    ],
    ja: [
      ':white_check_mark: *復旧：14:02 に 2台中2台が正常* （web-prod、アラーム7分間）',
      'アラーム状態のまま削除または名前変更されたため、終了の通知は届きません：web-prod-unhealthy、web-prod-too-few。対応は不要です。',
    ],
  },
  'over, not all well, after coming and going': {
    en: [
      ':information_source: *Alarm over: 1 of 2 healthy at 14:02*, after 1 h 30 min (web-prod)',
      'It came and went 3 times. *Next:* see about those that are not healthy yet; the alarm takes it for well.',
    ],
    ja: [
      ':information_source: *アラーム解除：14:02 に 2台中1台が正常* （web-prod、アラーム1時間30分間）',
      'この間に3回発生しました。 *次の手順：* アラームは解除されましたが、まだ正常でないターゲットを確認してください。',
    ],
  },
  'over, health not read': {
    en: [':white_check_mark: *Alarm over at 14:02*, after 7 min (web-prod-unhealthy)', 'Nothing to do.'],
    ja: [':white_check_mark: *アラーム解除：14:02* （web-prod-unhealthy、アラーム7分間）', '対応は不要です。'],
  },
};

/** What each finding says of its evidence in `EVIDENCE`: in a few words, as a cause, and as the next step. */
export const DIAGNOSIS_FINDING_WORDS: Readonly<Record<DiagnosisReason, Said>> = {
  SubjectGone: {
    en: [
      'what the alarm watches is gone',
      'the target group web does not exist any more',
      'delete the alarm, or point it to what took its place',
    ],
    ja: [
      'アラームの監視対象がありません',
      'ターゲットグループ web がすでに存在しません',
      'アラームを削除するか、監視対象を現在のものに変更してください',
    ],
  },
  WatchesElsewhere: {
    en: [
      'what the alarm watches is not here',
      'what the alarm watches is in account `210987654321`, eu-west-1, where Usher can’t look; nothing here is meant by it',
      'look at that account’s target groups, or install Usher there',
    ],
    ja: [
      'アラームの監視対象はここにありません',
      'アラームの監視対象は別の場所（アカウント `210987654321` 、eu-west-1）にあり、Usher からは確認できません。このアカウントとリージョンのリソースのことではありません',
      'そのアカウントのターゲットグループを確認するか、そちらにも Usher を導入してください',
    ],
  },
  TooFewHealthy: {
    en: [
      '2 healthy, 3 needed',
      'web-blue has 2 healthy of 2 registered, and the alarm wants 3',
      'register another target in web-blue, or lower the alarm’s threshold if that many are not meant',
    ],
    ja: [
      '正常2台、必要3台',
      'web-blue は登録2台のうち2台が正常で、アラームが求める3台に足りません',
      'web-blue にターゲットを追加するか、台数が意図と違う場合はアラームのしきい値を下げてください',
    ],
  },
  CouldNotLook: {
    en: [
      'not everything could be looked at',
      'the listeners and their rules could not be read (`AccessDenied`)',
      'if it was denied, give Usher’s role that read; look at it yourself until then',
    ],
    ja: [
      '読み取れないものがあります',
      'リスナーとルールを読み取れませんでした（ `AccessDenied` ）',
      '拒否された場合は Usher のロールに読み取りを許可してください。それまでは直接確認してください',
    ],
  },
  NoTargets: {
    en: [
      'no target is registered',
      'web-blue has no registered target',
      'register an instance in web-blue, or start one that belongs there',
    ],
    ja: [
      '登録済みのターゲットがありません',
      'web-blue に登録済みのターゲットがありません',
      'web-blue にインスタンスを登録するか、属するインスタンスを開始してください',
    ],
  },
  StatusCheckFailed: {
    en: [
      'EC2’s own status check fails',
      'EC2’s system status check fails on web-1, web-2 and 3 more',
      'stop and start web-1, web-2 and 3 more to move to another host (data on instance store volumes is lost)',
    ],
    ja: [
      'EC2 のステータスチェックに失敗',
      'web-1, web-2 ほか3台 で、EC2 のシステムのステータスチェックが失敗しています',
      'web-1, web-2 ほか3台 を停止して開始し、別のホストに移してください（インスタンスストアのデータは失われます）',
    ],
  },
  WarmingUp: {
    en: [
      'it has only just started',
      'web-1, web-2 and 3 more were launched 1 min 30 s ago and may not be ready yet',
      'wait a few minutes; if it goes on, look at how long the application takes to start',
    ],
    ja: [
      '起動した直後です',
      'web-1, web-2 ほか3台 は起動から1分30秒で、準備中の可能性があります',
      '数分お待ちください。続く場合は、アプリケーションの起動時間を確認してください',
    ],
  },
  ImagesDiffer: {
    en: [
      'they run another AMI than the healthy ones',
      'web-1, web-2 and 3 more run AMI `ami-0123456789abcdef0`, the healthy ones `ami-0fedcba9876543210`',
      'compare the two AMIs, or go back to the one that is healthy',
    ],
    ja: [
      '正常なものと AMI が異なります',
      'web-1, web-2 ほか3台 の AMI は `ami-0123456789abcdef0` 、正常なターゲットの AMI は `ami-0fedcba9876543210` です',
      '2つの AMI を比べるか、正常な方の AMI に戻してください',
    ],
  },
  AllHealthyInOneZone: {
    en: [
      'all healthy ones are in zone ap-northeast-1a',
      'all healthy targets (2) are in zone ap-northeast-1a: if that zone fails, the site is down',
      'bring a target in another zone back to health, or launch one there',
    ],
    ja: [
      '正常なものが AZ ap-northeast-1a だけです',
      '正常なターゲット（2台）が AZ ap-northeast-1a にしかなく、その AZ に障害が起きるとサイトが止まります',
      '別の AZ のターゲットを正常に戻すか、別の AZ で起動してください',
    ],
  },
  ZoneWithoutTargets: {
    en: [
      'no healthy target in ap-northea…st-1c',
      'cross-zone load balancing of web-alb is off, and there is no healthy target in zone ap-northeast-1a, ap-northeast-1c, so requests that enter there fail',
      'turn cross-zone load balancing on, or launch a target in ap-northeast-1a, ap-northeast-1c',
    ],
    ja: [
      'AZ ap-northea…st-1c に正常なものがありません',
      'web-alb のクロスゾーン負荷分散がオフで、AZ ap-northeast-1a, ap-northeast-1c に正常なターゲットがないため、そこから入るリクエストが失敗します',
      'クロスゾーン負荷分散をオンにするか、ap-northeast-1a, ap-northeast-1c でターゲットを起動してください',
    ],
  },
  FailOpen: {
    en: [
      'nobody is healthy, so all get requests',
      'none of web-1, web-2 and 3 more is healthy, so the balancer sends requests to all of them (fail-open)',
      'mend the health check first: whoever answers it well gets all the traffic again',
    ],
    ja: [
      '正常なものがなく、全台に振り分け中です',
      'web-1, web-2 ほか3台 がどれも正常でないため、ロードバランサーは全台に振り分けています（フェイルオープン）',
      'まずヘルスチェックを直してください。正常に応答したターゲットに、すべてのアクセスが戻ります',
    ],
  },
  DeployInProgress: {
    en: [
      'a deployment is under way',
      'an instance refresh of web-asg began 4 min ago and puts targets in and out',
      'let it finish; if health doesn’t come back, roll it back',
    ],
    ja: [
      'デプロイ中です',
      'インスタンスの更新（web-asg）の最中で（開始から4分）、ターゲットが入れ替わっています',
      '完了をお待ちください。正常に戻らなければロールバックしてください',
    ],
  },
  PortDiffers: {
    en: [
      'registered on port 8080',
      'web-1, web-2 and 3 more are registered on port 8080, the healthy ones on 80',
      'register web-1, web-2 and 3 more on port 80',
    ],
    ja: [
      '登録ポートが異なります（8080）',
      'web-1, web-2 ほか3台 はポート8080で登録され、正常なターゲットはポート80です',
      'web-1, web-2 ほか3台 をポート80で登録し直してください',
    ],
  },
  HealthCheckPortDiffers: {
    en: [
      'the health check asks port 8081',
      'the health check of web-prod asks web-1, web-2 and 3 more on port 8081, where nothing answers; requests go to port 80',
      'set the health check of web-prod to the traffic port, or let the application answer there',
    ],
    ja: [
      'チェックのポートが異なります（8081）',
      'web-prod のヘルスチェックはポート8081ですが web-1, web-2 ほか3台 は応答せず、リクエストはポート80に送られます',
      'web-prod のヘルスチェックポートをトラフィックポートにするか、そのポートで応答させてください',
    ],
  },
  HealthCheckRedirected: {
    en: [
      'the health check is redirected (`301`)',
      'web-1, web-2 and 3 more answer the health check with a redirect, `301` on port 8080 (`/health`, expected: `200`)',
      'let the health check’s path answer 200 without a redirect (most often to https://), or accept that code in the group’s matcher',
    ],
    ja: [
      'ヘルスチェックがリダイレクト（ `301` ）',
      'web-1, web-2 ほか3台 がヘルスチェックにリダイレクト `301` を返しています（ポート8080、 `/health` 、成功コード： `200` ）',
      'ヘルスチェックのパスがリダイレクト（多くは https:// へ）せずに 200 を返すようにするか、成功コードに追加してください',
    ],
  },
  HealthCheckNeedsLogin: {
    en: [
      'the health check is refused (`401`)',
      'web-1, web-2 and 3 more want a login for the health check: `401` on port 8080 (`/health`, expected: `200`)',
      'let the health check’s path answer without a login',
    ],
    ja: [
      'ヘルスチェックに認証が必要です（ `401` ）',
      'web-1, web-2 ほか3台 がヘルスチェックに認証を求めています： `401` （ポート8080、 `/health` 、成功コード： `200` ）',
      'ヘルスチェックのパスを、認証なしで応答するようにしてください',
    ],
  },
  HealthCheckPathMissing: {
    en: [
      'the health check’s path doesn’t exist (404)',
      'web-1, web-2 and 3 more have no page at the health check’s path: `404` on port 8080 (`/health`, expected: `200`)',
      'correct the health check’s path of web-prod, or let the application answer at `/health`',
    ],
    ja: [
      'ヘルスチェックのパスがありません（404）',
      'web-1, web-2 ほか3台 にヘルスチェックのパスのページがありません： `404` （ポート8080、 `/health` 、成功コード： `200` ）',
      'web-prod のヘルスチェックのパスを直すか、 `/health` に応答を用意してください',
    ],
  },
  HealthCheckServerError: {
    en: [
      'the application fails (`500`)',
      'the application on web-1, web-2 and 3 more answers the health check with an error of its own, `500` on port 8080 (`/health`, expected: `200`)',
      'on web-1, web-2 and 3 more: look at the application’s error log and at what it depends on (database, disk)',
    ],
    ja: [
      'アプリケーションのエラーです（ `500` ）',
      'web-1, web-2 ほか3台 のアプリケーションが、ヘルスチェックに `500` を返しています（ポート8080、 `/health` 、成功コード： `200` ）',
      'web-1, web-2 ほか3台 で、アプリケーションのエラーログと依存先（データベース、ディスクなど）を確認してください',
    ],
  },
  HealthCheckPlainOnTls: {
    en: [
      'asked by HTTP where TLS is spoken (port 443)',
      'the health check asks web-1, web-2 and 3 more by HTTP on port 443, where TLS is spoken, and gets `400` (`/health`, expected: `200`)',
      'set the health check protocol of web-prod to HTTPS',
    ],
    ja: [
      'TLS のポート443を HTTP で確認',
      'ヘルスチェックが web-1, web-2 ほか3台 のポート443に HTTP で接続していますが、そこは TLS のため `400` になっています（ `/health` 、成功コード： `200` ）',
      'web-prod のヘルスチェックプロトコルを HTTPS に変更してください',
    ],
  },
  HealthCheckTlsOnPlain: {
    en: [
      'asked by HTTPS where no TLS is spoken (port 80)',
      'the health check asks web-1, web-2 and 3 more by HTTPS on port 80, where plain HTTP is spoken (`/health`)',
      'set the health check protocol of web-prod to HTTP',
    ],
    ja: [
      'HTTP のポート80を HTTPS で確認',
      'ヘルスチェックが web-1, web-2 ほか3台 のポート80に HTTPS で接続していますが、そこは HTTP です（ `/health` ）',
      'web-prod のヘルスチェックプロトコルを HTTP に変更してください',
    ],
  },
  HealthCheckTimeoutShort: {
    en: [
      'the health check waits for 2 s only',
      'the health check of web-prod waits only 2 s for web-1, web-2 and 3 more to answer on port 8080 (default: 5 s)',
      'raise the health check timeout of web-prod, or find what makes the answer slow',
    ],
    ja: [
      'チェックの待ち時間が2秒だけです',
      'web-prod のポート8080へのヘルスチェックが、web-1, web-2 ほか3台 の応答を2秒しか待ちません（デフォルトは5秒）',
      'web-prod のヘルスチェックのタイムアウトを延ばすか、応答が遅い原因を調べてください',
    ],
  },
  TlsTooNew: {
    en: [
      'it may take no TLS 1.2',
      'this kind of balancer checks health with TLS 1.2 at most, which web-1, web-2 and 3 more may refuse on port 443 (`/health`)',
      'allow TLS 1.2 on web-1, web-2 and 3 more, or check health by TCP or HTTP',
    ],
    ja: [
      'TLS 1.2 を拒否している可能性',
      'この種類のロードバランサーのヘルスチェックは TLS 1.2 までで、web-1, web-2 ほか3台 のポート443が拒否している可能性があります（ `/health` ）',
      'web-1, web-2 ほか3台 で TLS 1.2 を許可するか、TCP か HTTP でヘルスチェックしてください',
    ],
  },
  ApplicationRefuses: {
    en: [
      'nothing answers on port 8080',
      'the application isn’t running on web-1, web-2 and 3 more, or doesn’t listen on port 8080 (`Target.FailedHealthChecks`)',
      'on web-1, web-2 and 3 more: start the application, and see whether it listens on port 8080',
    ],
    ja: [
      'ポート8080が応答しません',
      'web-1, web-2 ほか3台 でアプリケーションが起動していないか、ポート8080で待ち受けていません（ `Target.FailedHealthChecks` ）',
      'web-1, web-2 ほか3台 でアプリケーションを起動し、ポート8080で待ち受けているか確認してください',
    ],
  },
  ApplicationSilent: {
    en: [
      'no answer in time on port 8080',
      'web-1, web-2 and 3 more don’t answer on port 8080 within 5 s: overloaded, hanging, or dropped by a firewall on the host (`Target.Timeout`)',
      'on web-1, web-2 and 3 more: check the load, the application’s log and the host’s own firewall',
    ],
    ja: [
      'ポート8080が時間内に応答しません',
      'web-1, web-2 ほか3台 がポート8080で5秒以内に応答していません。過負荷、処理の停止、またはホスト上のファイアウォールが考えられます（ `Target.Timeout` ）',
      'web-1, web-2 ほか3台 で、負荷・アプリケーションのログ・ホストのファイアウォールを確認してください',
    ],
  },
  SourceDestinationCheckOff: {
    en: [
      'its source/destination check is off',
      'the source/destination check is off on web-1, web-2 and 3 more, as for a router or NAT instance',
      'turn the source/destination check on for web-1, web-2 and 3 more unless it forwards others’ packets',
    ],
    ja: [
      '送信元/送信先チェックがオフです',
      'web-1, web-2 ほか3台 の送信元/送信先チェックが、ルーターや NAT インスタンスのようにオフになっています',
      'web-1, web-2 ほか3台 が他の通信を中継しないなら、送信元/送信先チェックをオンにしてください',
    ],
  },
  SourceDestinationCheckOn: {
    en: [
      'its source/destination check drops packets',
      'the source/destination check is on for web-1, web-2 and 3 more, so EC2 drops packets that are not its own, as an appliance gets them',
      'turn the source/destination check off for the appliance web-1, web-2 and 3 more',
    ],
    ja: [
      '送信元/送信先チェックで破棄されます',
      'web-1, web-2 ほか3台 の送信元/送信先チェックがオンのため、アプライアンスが受け取るべき通信を EC2 が破棄しています',
      'アプライアンス web-1, web-2 ほか3台 の送信元/送信先チェックをオフにしてください',
    ],
  },
  ApplianceMtuTooSmall: {
    en: [
      'its instance type takes no large packets',
      'web-1, web-2 and 3 more run on `c1.xlarge, m1.small` with packets of 1,500 bytes at most; a Gateway Load Balancer sends up to 8,568, splits none, and tells nobody that one was too large',
      'move web-1, web-2 and 3 more to an instance type with jumbo frames (9,001 bytes)',
    ],
    ja: [
      'インスタンスタイプがジャンボフレーム非対応です',
      'web-1, web-2 ほか3台 のインスタンスタイプ `c1.xlarge, m1.small` は1,500バイトまでのパケットしか扱えません。Gateway Load Balancer は最大8,568バイトを送り、分割も、大きすぎるという通知もしません',
      'web-1, web-2 ほか3台 をジャンボフレーム（9,001バイト）対応のインスタンスタイプに変更してください',
    ],
  },
  ApplianceMtuUnseen: {
    en: [
      'its MTU can’t be seen from outside',
      'the MTU set on web-1, web-2 and 3 more can’t be seen from outside; a Gateway Load Balancer sends up to 8,568 bytes (8,500 and GENEVE’s 68), splits none, and tells nobody that one was too large',
      'on web-1, web-2 and 3 more: see that the interface’s MTU is 8,568 or more',
    ],
    ja: [
      'MTU は外部から確認できません',
      'web-1, web-2 ほか3台 に設定された MTU は外部から確認できません。Gateway Load Balancer は最大8,568バイト（8,500と GENEVE の68）のパケットを送り、分割も、大きすぎるという通知もしません',
      'web-1, web-2 ほか3台 で、インターフェイスの MTU が8,568以上か確認してください',
    ],
  },
  HairpinWithPreservedAddresses: {
    en: [
      'a target that calls itself gets no answer',
      'game-nlb preserves client addresses, so a target that calls itself through it gets no answer',
      'turn client address preservation of web-prod off, or call the application without the balancer',
    ],
    ja: [
      '自分自身への接続が応答しません',
      'game-nlb でクライアント IP アドレスの保持が有効なため、ターゲットから自分自身への接続が応答しません',
      'web-prod のクライアント IP アドレスの保持をオフにするか、ロードバランサーを通さずに接続してください',
    ],
  },
  NoHealthyTarget: {
    en: [
      'nobody is there to answer (503)',
      'the balancer answered 503 because none of web-1, web-2 and 3 more could take a request',
      'bring a target of web-prod back to health, or register one',
    ],
    ja: [
      '応答できるターゲットがありません（503）',
      'web-1, web-2 ほか3台 のどれもリクエストを処理できず、ロードバランサーが 503 を返しています',
      'web-prod のターゲットを正常に戻すか、登録してください',
    ],
  },
  TargetUnreachable: {
    en: [
      'targets can’t be reached (504)',
      'the balancer could not connect to web-1, web-2 and 3 more, so it answered 504',
      'check that the application listens on its port, and the security groups between balancer and targets',
    ],
    ja: [
      'ターゲットに接続できません（504）',
      'ロードバランサーから web-1, web-2 ほか3台 に接続できず、504 を返しています',
      'アプリケーションがポートで待ち受けているか、間のセキュリティグループが許可しているか確認してください',
    ],
  },
  TargetClosedConnection: {
    en: [
      'targets close connections too early (502)',
      'the balancer answered 502 though targets are healthy: one closed a connection that the balancer still held open (idle timeout 60 s)',
      'set the application’s keep-alive above 60 s',
    ],
    ja: [
      'ターゲットの切断が早すぎます（502）',
      'ターゲットは正常ですが、ロードバランサーが使用中の接続をターゲットが切断し、502 になっています（アイドルタイムアウト：60秒）',
      'アプリケーションのキープアライブを60秒より長くしてください',
    ],
  },
  ApplicationSlow: {
    en: [
      'answers come too late (504)',
      'the application took longer than the balancer’s idle timeout (60 s), so the balancer answered 504',
      'find the slow requests in the application’s log; raise the idle timeout only if they must take so long',
    ],
    ja: [
      '応答が遅すぎます（504）',
      'アプリケーションの処理がアイドルタイムアウト（60秒）より長く、ロードバランサーが 504 を返しています',
      'アプリケーションのログで遅いリクエストを調べてください。必要な処理時間であれば、アイドルタイムアウトを延ばしてください',
    ],
  },
  ApplicationErrors: {
    en: [
      'the application answers with errors (5xx)',
      'the targets are reached, and the application answers with errors of its own (5xx)',
      'look at the application’s error log since then, and at what was deployed',
    ],
    ja: [
      'アプリケーションのエラーです（5xx）',
      'ターゲットには接続できていますが、アプリケーション自身が 5xx を返しています',
      '発生時刻以降のアプリケーションのエラーログと、直前のデプロイを確認してください',
    ],
  },
};
