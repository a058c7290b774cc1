package io.balsa.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A page of metrics in Prometheus' text format. */
final class Exposition {
  private final Map<String, String> types = new TreeMap<>();
  private final Map<String, String> samples = new TreeMap<>();

  Exposition(String page) {
    for (String line : page.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ");
        types.put(words[2], words[3]);
      } else if (!line.startsWith("#")) {
        int end = line.lastIndexOf(' ');
        samples.put(line.substring(0, end), line.substring(end + 1));
      }
    }
  }

  /** Each metric's type. */
  Map<String, String> types() {
    return types;
  }

  /** A sample's value; 0 if it is missing. */
  double value(String sample) {
    return Double.parseDouble(samples.getOrDefault(sample, "0"));
  }

  /** The samples whose name, with its labels, starts so. */
  List<String> startingWith(String start) {
    return samples.keySet().stream().filter(name -> name.startsWith(start)).toList();
  }

  /** The names of all samples without their labels, such as {@code x_bucket}. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    samples.keySet().forEach(sample -> names.add(sample.replaceFirst("\\{.*", "")));
    return names.stream().distinct().toList();
  }
}
