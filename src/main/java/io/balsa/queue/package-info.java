/**
 * Queues for locks and elections, as etcd lays them out in the key space: the names of their keys,
 * the order of their waiters, and how a waiter learns that its turn has come.
 *
 * <p>The one idea: a server that answers etcd's Lock and Election, and a client that uses nothing
 * but keys, decide alike because both take the decisions from here. How they read and watch is
 * their own. The room knows neither a store nor gRPC.
 *
 * <p>Start reading at {@link io.balsa.queue.QueueTurn}.
 */
@NullMarked
package io.balsa.queue;

import org.jspecify.annotations.NullMarked;
