/**
 * The rows of the ordered store: which bytes each key, version, change, lease and tombstone has,
 * and the walks over them.
 *
 * <p>The one idea: only this room knows how a row is written. The state machine and the watches ask
 * it for keys, versions and changes. Touches {@code bytes}, {@code model} and the ordered store's
 * interface.
 *
 * <p>Start reading at {@code Layout}.
 */
@NullMarked
package io.balsa.rows;

import org.jspecify.annotations.NullMarked;
