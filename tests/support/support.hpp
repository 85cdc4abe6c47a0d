#pragma once

#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "base/random.hpp"
#include "dataflows/mapping.hpp"
#include "workloads/forward.hpp"
#include "workloads/nest.hpp"

namespace eyrie::test {

/// A file of the repository.
std::string source(const std::string& path);
/// Eyeriss v1 as it ships, with overrides like "array.rows=6".
Architecture eyeriss(const std::vector<std::string>& overrides = {});
/// All diagnostics of what throws InputError, a line each; empty if nothing is thrown.
template <class Act>
std::string errors_of(Act act) {
  try {
    act();
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

/// Random operands for a nest: inputs with zeros, weights, biases; shifts that keep values apart.
LayerOperands random_operands(const LayerNest&, const Widths&, Random&);
/// The ofmap that the plain reference computes.
Tensor reference_ofmap(const LayerNest&, const LayerOperands&);
std::int64_t differences(const Tensor&, const Tensor&);

/// What a run of the program left.
struct CliResult {
  int code = -1;
  std::string out, err;
};
/// Runs the built program with a shell line of arguments, in a fresh folder.
CliResult cli(const std::string& arguments);
/// A fresh folder that is removed with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};
std::string read_file(const std::string& path);

}  // namespace eyrie::test
