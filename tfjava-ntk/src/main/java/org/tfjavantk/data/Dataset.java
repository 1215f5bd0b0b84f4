package org.tfjavantk.data;

import java.util.List;

/**
 * A data set as a run sees it: three disjoint parts with the same shape and the same classes.
 *
 * @param name of the source, e.g. {@code fashion_mnist}
 * @param classNames the name of every class, in the order of the labels
 * @param train what the network learns from
 * @param validation held out of the source's training part; may be empty
 * @param test may be empty
 */
public record Dataset(
    String name, List<String> classNames, Examples train, Examples validation, Examples test) {
  public Dataset {
    classNames = List.copyOf(classNames);
  }
}
