package io.balsa.raft;

/**
 * A leader's handing over (thesis 3.10): no more proposals, the target gets the whole log, then it
 * is told to campaign.
 *
 * @param named the server that was asked for, 0 for any
 * @param target the server that shall lead
 * @param until the tick at which this server gives up and leads on
 */
record Transfer(long named, long target, long until) {}
