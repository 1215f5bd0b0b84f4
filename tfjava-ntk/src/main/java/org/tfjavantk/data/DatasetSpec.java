package org.tfjavantk.data;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tfjavantk.graphs.UserException;

/**
 * Which examples a run uses.
 *
 * <p>The class filter comes first, then {@code validation} examples are drawn from the training
 * part, then {@code train} examples from what is left of it; the test examples are drawn from the
 * test part. With {@link Draw#FIRST} the validation set is therefore the first of the training
 * part, and the training set follows it. A count of 0 takes all that are there, in the order that
 * {@code draw} gives them.
 *
 * @param train number of training examples; 0 means all (a generator needs a number)
 * @param validation number of validation examples; 0 means none
 * @param test number of test examples; 0 means all (a generator needs a number)
 * @param classes keeps only these, relabelled 0, 1, ... in this order; empty keeps all
 * @param verify compares a public set's files with their published checksums
 */
public record DatasetSpec(
    Source source,
    int train,
    int validation,
    int test,
    List<Integer> classes,
    Draw draw,
    Preprocess preprocess,
    boolean verify) {
  public DatasetSpec {
    classes = List.copyOf(classes);
    atLeastZero("train", train);
    atLeastZero("validation", validation);
    atLeastZero("test", test);
    Set<Integer> seen = new HashSet<>();
    for (int c : classes) {
      if (!seen.add(c)) {
        throw new UserException("dataset.classes: class " + c + " stands there twice");
      }
    }
  }

  private static void atLeastZero(String field, int value) {
    if (value < 0) {
      throw new UserException("dataset." + field + ": found " + value + ", must be at least 0");
    }
  }
}
