/** One line of the transcript: a command of kubectl, or what a person does meanwhile. */
export type Line =
  | {
      readonly kubectl: readonly string[];
      /** What must come of it, or the transcript is not what it says. */
      readonly code: number;
      readonly says: RegExp;
    }
  /** Presses Approve for the session that was named last. */
  | { readonly approvesAs: string };

/** Files in the folder that the commands run in. */
export const MANIFESTS: Readonly<Record<string, string>> = {
  'limits.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: limits
  namespace: prod
data:
  orders-per-minute: "60"
`,
};

/** Devi Anand of the platform team, at the local Slack. */
const DEVI = 'U0DBA00002';

/** get, apply and delete with an approval in between, and what is refused: the transcript of docs/kubectl.md. */
export const STORY: readonly Line[] = [
  { kubectl: ['get', 'deployments'], code: 0, says: /payments\s+2\/2/ },
  { kubectl: ['get', 'secret', 'payments', '-o', 'jsonpath={.data}'], code: 0, says: /password/ },
  { kubectl: ['diff', '-f', 'limits.yaml'], code: 1, says: /\+kind: ConfigMap/ },
  { kubectl: ['apply', '-f', 'limits.yaml'], code: 1, says: /ApprovalRequired/ },
  { approvesAs: DEVI },
  { kubectl: ['apply', '-f', 'limits.yaml'], code: 0, says: /configmap\/limits unchanged/ },
  { kubectl: ['scale', 'deployment/web', '--replicas=0'], code: 1, says: /ApprovalRequired/ },
  { kubectl: ['delete', 'deployment', 'web'], code: 1, says: /ApprovalRequired/ },
  { approvesAs: DEVI },
  { kubectl: ['delete', 'deployment', 'web'], code: 0, says: /deployment.apps "web" deleted/ },
  { kubectl: ['get', 'deployments'], code: 0, says: /payments/ },
  { kubectl: ['delete', 'namespace', 'prod'], code: 1, says: /no-deleting-namespaces/ },
  { kubectl: ['exec', 'deployment/payments', '--', 'sh'], code: 1, says: /no-commands-in-containers/ },
  { kubectl: ['scale', 'deployment/web', '--replicas=2', '-n', 'staging'], code: 0, says: /scaled/ },
  { kubectl: ['rollout', 'status', 'deployment/web', '-n', 'staging'], code: 0, says: /successfully rolled out/ },
];
