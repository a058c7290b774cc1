/**
 * The replicated state machine: etcd's MVCC store. {@code Store.applySome} takes the commands of
 * the log in their order and gives each its {@link io.balsa.model.Result}.
 *
 * <p>The one idea: everything here is a pure function of the log. No clock, dice, thread, locale or
 * map order has an effect. Replicas that applied the same entries have the same state and gave the
 * same answers. A rolling hash, stored with the applied index, shows it. This room uses {@code
 * bytes}, {@code engine}, {@code model} and {@code rows}.
 *
 * <p>Start reading at {@code Store}.
 */
@NullMarked
package io.balsa.kv;

import org.jspecify.annotations.NullMarked;
