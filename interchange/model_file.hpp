#pragma once

// Trained networks as files: a workload file with the keys `model`, `codes`, `pixels` and `labels`, and the parameters
// in an .npz file beside it (docs/models.md).

#include <optional>
#include <string>

#include "workloads/model.hpp"

namespace eyrie {

/// Reads a model; its `network` is left without the keys that became the model's other members. InputError: the file
/// has no `model`, its parameters are no numbers or of nothing in the network, codes and pixels likewise. Whether all
/// are there that a computation needs is for `bind` to say.
Model read_model(const YamlDocument&);

/// The same for a workload file that may be of an untrained network: nothing without the key `model`.
std::optional<Model> model_of(const YamlDocument&);

/// Writes a model such that it reads back equal, and equal models to the same bytes. Whole parameters are stored in 1,
/// 2 or 4 bytes as the largest needs, real ones in 4. InputError where a file cannot be written.
void write_model(const Model&, const std::string& yaml_path, const std::string& npz_path);

/// The path of a file from the folder that another lies in.
std::string from_folder_of(const std::string& file, const std::string& other);

}  // namespace eyrie
