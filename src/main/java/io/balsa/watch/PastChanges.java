package io.balsa.watch;

import io.balsa.model.Changes;
import java.util.List;

/**
 * A piece of the past, for watches that catch up.
 *
 * @param changes what changed of the keys asked for, in order of revision
 * @param next the first revision that was not looked at
 * @param large whether that one is too large to be read whole
 * @param revision the newest revision at the moment of reading
 * @param compactRevision the revision up to which history was forgotten at that moment; when it is
 *     greater than the one asked for, nothing was read
 */
public record PastChanges(
    List<Changes> changes, long next, boolean large, long revision, long compactRevision) {}
