/**
 * The instrument's own test: known bugs planted in our source, each a small edit, to see that the
 * simulated world finds them.
 *
 * <p>The one idea: a mutant is a text file, not code. Its edit is made to a copy of a source in
 * memory, compiled there over the real class path and loaded beside the real classes; nothing of it
 * is in the product.
 *
 * <p>Touches {@code sim}, and the compiler and sources of whoever runs it; no server.
 *
 * <p>Start reading at {@link io.balsa.mutants.Hunt}.
 */
@NullMarked
package io.balsa.mutants;

import org.jspecify.annotations.NullMarked;
