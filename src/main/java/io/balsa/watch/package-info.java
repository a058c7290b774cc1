/**
 * The watch hub: sends each watcher its events, and lets watchers that are behind catch up.
 *
 * <p>The one idea: the hub never waits for a client. A watcher without room keeps only its next
 * revision, and gets past events from the store later. The hub is one state machine that one lane
 * drives. This room uses {@code bytes}, {@code engine}, {@code model}, {@code rows} and the reader
 * of {@code kv}.
 *
 * <p>Start reading at {@link io.balsa.watch.WatchHub}, then {@code Backlog}.
 */
@NullMarked
package io.balsa.watch;

import org.jspecify.annotations.NullMarked;
