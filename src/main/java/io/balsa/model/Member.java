package io.balsa.model;

import java.util.List;

/**
 * A member of the cluster, as all servers list it.
 *
 * @param name empty until it has started once
 * @param clientUrls empty until it has started once
 * @param disk the number of its data directory; 0 until it has started once
 */
public record Member(
    long id,
    String name,
    List<String> peerUrls,
    List<String> clientUrls,
    boolean learner,
    long disk) {}
