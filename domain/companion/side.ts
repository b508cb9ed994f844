/**
 * A companion group: a security group of Usher's own beside those of a balancer, or of the targets behind it, where theirs
 * can't serve. On the balancer's side it is a name that only this balancer wears; on the targets' side a place for the rules.
 */
export type CompanionSide = 'balancer' | 'targets';
