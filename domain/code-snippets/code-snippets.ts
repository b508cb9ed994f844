/** Rules for whoever keeps a security group by code, to be copied into it. */
export interface CodeSnippets {
  /** YAML. */
  readonly cloudFormation: string;
  readonly hcl: string;
  /** Rules in it, and how many there are in all: a message has room for a few. */
  readonly rules: number;
  readonly of: number;
}
