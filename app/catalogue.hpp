#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"

namespace eyrie {

struct Technology;

/// Kinds of things that ship under configs/, one folder each.
enum class Shelf : std::uint8_t {
  Architectures,
  Workloads,
  Technologies,
  Dataflows,
  Mappings,
  Experiments,
  Validation,
  Calibrations,
  Baselines,
  Inputs,
  Studies
};
template <>
struct names<Shelf> {
  static constexpr Name<Shelf> table[] = {{"architectures", Shelf::Architectures, "machines"},
                                          {"workloads", Shelf::Workloads, "networks"},
                                          {"technologies", Shelf::Technologies, "energy tables"},
                                          {"dataflows", Shelf::Dataflows, "constraints on mappings"},
                                          {"mappings", Shelf::Mappings, "mappings of a network on a machine"},
                                          {"experiments", Shelf::Experiments, "runs written down"},
                                          {"validation", Shelf::Validation, "published figures to compare with"},
                                          {"calibrations", Shelf::Calibrations, "energy tables fitted to a chip"},
                                          {"baselines", Shelf::Baselines, "other processors, to compare with"},
                                          {"inputs", Shelf::Inputs, "images and arrays for trained networks"},
                                          {"studies", Shelf::Studies, "design-space studies"}};
};

/// One thing of a shelf, in messages: `architecture`, `validation suite`.
std::string_view one_of(Shelf);

/// The files that ship with Eyrie: `configs` beside or above the program, else in the current folder.
class Catalogue {
 public:
  /// `program` is the path of the running executable.
  explicit Catalogue(const std::string& program);

  /// A path as it is; otherwise the file of that name on the shelf (of inputs a folder, too). InputError with a
  /// did-you-mean.
  [[nodiscard]] std::string find(Shelf, const std::string& name_or_path) const;
  /// What `find` wants for something that the file at `from` names: the path from the current folder of a file that
  /// lies at that path from the folder of `from`; names, and paths at which nothing lies there, as they are.
  [[nodiscard]] static std::string beside(const std::string& name_or_path, const std::string& from);
  /// Names on a shelf, sorted; those in sub-folders as folder/name. Inputs keep their endings; folders of images are
  /// named, too.
  [[nodiscard]] std::vector<std::string> list(Shelf) const;
  /// Path of a name on a shelf whether or not it exists.
  [[nodiscard]] std::string path(Shelf, const std::string& name) const;
  /// A technology as `read` reads it from this file: the first time only, since each is fitted anew.
  [[nodiscard]] std::shared_ptr<const Technology> technology(const std::string& file,
                                                             const std::function<Technology()>& read) const;

 private:
  std::string root_;
  std::shared_ptr<std::map<std::string, std::shared_ptr<const Technology>>> technologies_ =
      std::make_shared<std::map<std::string, std::shared_ptr<const Technology>>>();
};

}  // namespace eyrie
