/**
 * The state in force: its directory, the pointer that names it, and the open store.
 *
 * <p>The one idea: a new state is made whole beside the old one and then pointed to, so that a
 * crash finds one or the other. Open to {@code node..} alone.
 *
 * <p>Start reading at {@code StateDirectory}.
 */
@NullMarked
package io.balsa.node.storage;

import org.jspecify.annotations.NullMarked;
