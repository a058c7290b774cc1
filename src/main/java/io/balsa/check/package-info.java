/**
 * Checks histories of client operations for linearizability, and watches for etcd's guarantees.
 *
 * <p>The one idea: a history says nothing about the system that produced it. Each operation is an
 * interval with a request and an answer. {@link io.balsa.check.LinearizabilityChecker} searches for
 * an order that respects the intervals and that a {@link io.balsa.check.Model} allows. When it
 * reaches its limits first, its verdict is {@code Unknown}. This room uses {@code bytes} only.
 *
 * <ul>
 *   <li>Histories: {@link io.balsa.check.History} of {@link io.balsa.check.Operation}s, recorded by
 *       {@link io.balsa.check.HistoryRecorder} or read from text ({@code HistoryText}, {@code
 *       JepsenLog}).
 *   <li>Models, one key each: {@code RegisterModel}, and {@code KvModel} with etcd's revisions.
 *   <li>Before the search, {@code UnknownOutcomes} decides what it can about unanswered writes.
 *   <li>{@code WingGongSearch}: the search of Wing and Gong (1993) with the cache of visited states
 *       of Lowe (2017), as in porcupine. It uses {@code EventList} and {@code SeenStates}.
 *   <li>{@code RegisterSearch}: Lowe's just-in-time linearization, for registers. A {@code
 *       PartialLinearization} is one of its configurations, and a {@code Frontier} keeps those that
 *       no other dominates.
 *   <li>Watches: {@link io.balsa.check.WatchGuarantees} checks a {@link
 *       io.balsa.check.RecordedWatch} against a {@link io.balsa.check.ChangeLog}.
 * </ul>
 *
 * <p>Start reading at {@link io.balsa.check.Operation}, then {@link
 * io.balsa.check.LinearizabilityChecker}.
 */
@NullMarked
package io.balsa.check;

import org.jspecify.annotations.NullMarked;
