/**
 * The watch hub: which watcher gets which event, in which order, and where watchers that are behind
 * continue.
 *
 * <p>The one idea: the hub never waits for a client. A watcher without room keeps only its next
 * revision, and reads the past from the store later. The hub is one state machine that one lane
 * drives. Touches {@code bytes}, {@code model}, {@code rows} and the reader of {@code kv}.
 *
 * <p>Start reading at {@code WatchHub}.
 */
@NullMarked
package io.balsa.watch;

import org.jspecify.annotations.NullMarked;
