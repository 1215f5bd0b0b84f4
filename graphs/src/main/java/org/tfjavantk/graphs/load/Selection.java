package org.tfjavantk.graphs.load;

import java.util.List;
import java.util.Set;
import org.tfjavantk.graphs.UserException;

/** Which variables are parameters: those that the file says, or those that the user asks for. */
final class Selection {
  private Selection() {}

  /**
   * Marks as trainable what the options' patterns say.
   *
   * @throws UserException for a pattern that matches nothing, and when nothing is left
   */
  static List<Draft> choose(List<Draft> drafts, Options options, String what) {
    List<String> names = drafts.stream().filter(Draft::isFloating).map(Draft::name).toList();
    Set<String> wanted = Names.match(options.parameters(), names, what);
    Set<String> excluded = Names.match(options.exclude(), names, what);
    List<Draft> chosen =
        drafts.stream()
            .map(
                draft ->
                    draft.withTrainable(
                        !excluded.contains(draft.name())
                            && (wanted.isEmpty()
                                ? draft.trainable()
                                : wanted.contains(draft.name()))))
            .toList();
    if (chosen.stream().noneMatch(Draft::trainable)) {
      throw new UserException(
          "the model has no parameters: none of the variables that the outputs depend on is"
              + " trainable and chosen; there are "
              + Names.list("", names));
    }
    return chosen;
  }
}
