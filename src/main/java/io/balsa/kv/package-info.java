/**
 * The replicated state machine: etcd's MVCC store. {@code Store.apply} takes the commands of the
 * log in their order and gives each its {@link io.balsa.model.Result}.
 *
 * <p>The one idea: everything here is a pure function of the log. No clock, dice, thread, locale or
 * map order; replicas that applied the same entries hold the same state and gave the same answers,
 * and a rolling hash kept with the applied index shows it. Touches {@code bytes} and the ordered
 * store's interface.
 *
 * <p>Start reading at {@code Store}.
 */
@NullMarked
package io.balsa.kv;

import org.jspecify.annotations.NullMarked;
