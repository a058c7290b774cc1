/**
 * Tests the simulator: plants known bugs in our source, each a small edit, and checks that the
 * simulator finds them.
 *
 * <p>The one idea: a mutant is a text file, not code. Its edit applies to a copy of a source in
 * memory. The compiler compiles this copy against the real class path, and a separate class loader
 * loads the result. The product contains no part of a mutant.
 *
 * <p>The room uses {@code sim}, the compiler of the JDK, and a folder with our sources. It uses no
 * server.
 *
 * <p>Start reading at {@link io.balsa.mutants.Hunt}.
 */
@NullMarked
package io.balsa.mutants;

import org.jspecify.annotations.NullMarked;
