#pragma once

// A network as it was asked for: a workload file, with or without trained parameters, or another program's model.

#include <optional>
#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "base/yaml.hpp"
#include "workloads/model.hpp"

namespace eyrie {

struct Workload {
  NetworkFile network;
  std::optional<Model> model;  ///< of a trained network; its network is the same
};

/// Is it a file of another program: .onnx, .tflite?
bool is_foreign_model(const std::string& path);

/// The model of another program's file. InputError for any other.
Model read_foreign_model(const std::string& path);

/// What a workload file holds; where samples to calibrate with lie beside it, their path is from the current folder.
/// What it asks under `compression` is not done yet.
Workload workload_of(const YamlDocument&);
/// The same of a name under configs/workloads or a file, .onnx and .tflite among them, with values changed.
Workload stated_workload(const std::string& name_or_path, const std::vector<Override>&, const Catalogue&);

/// Is all there that a run needs: layers, parameters of the right shapes, codes, calibration samples? InputError.
void check_workload(const Workload&, const Catalogue&);

/// A workload as it runs: trained parameters are compressed if the file asks for it.
Workload open_workload(const std::string& name_or_path, const std::vector<Override>&, const Catalogue&);

/// Where parameters of a workload file go: as asked, else beside it, with its name.
std::string parameters_path(const std::string& workload, const std::string& asked);

/// `eyrie import MODEL`: writes a model as a workload file and its parameters. `weights` empty: beside the file, with
/// its name. Prints what it is. Exit code 0.
struct ModelImport {
  std::string model, out, weights;
  bool quiet = false;
};
int import_model(const ModelImport&);

}  // namespace eyrie
