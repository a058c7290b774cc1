/**
 * The settings of a server and a proxy: where they are given, which one counts, and what they mean.
 *
 * <p>The one idea: flags, variables and a file are read as etcd reads them. Each value keeps its
 * source, so that an error names the place where the value was given.
 *
 * <p>Start reading at {@link io.balsa.cli.settings.GivenSettings}.
 */
@NullMarked
package io.balsa.cli.settings;

import org.jspecify.annotations.NullMarked;
