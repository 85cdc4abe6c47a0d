#pragma once

// A run of a trained network: its inputs, how it was quantised, and what it answered.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/experiment.hpp"
#include "app/workload.hpp"
#include "interchange/samples.hpp"
#include "report/answer.hpp"
#include "workloads/bind.hpp"
#include "workloads/forward.hpp"

namespace eyrie {

/// A trained network ready to be run.
struct Trained {
  Model real;     ///< in floating point: what the answer is compared with
  Model integer;  ///< what the machine computes
  RealInputs inputs;
  std::vector<std::string> names;    ///< of the samples; none: drawn from the seed
  std::vector<std::int64_t> labels;  ///< of the samples; none: not known
  NetworkData data;
  std::string input, pixels, precision;  ///< as `Answer` tells them
};

/// The samples that an experiment names, and how their pixels were read; nothing if it names none. InputError if there
/// is no model to give them to.
struct GivenInput {
  Samples samples;
  std::string pixels;
};
std::optional<GivenInput> given_input(const Experiment&, const Workload&, const Catalogue&);

/// Inputs that the network computes at once: as many as the samples, else as the experiment says. InputError where the
/// two disagree.
std::int64_t batch_of(const Experiment&, const std::optional<GivenInput>&);

/// Inputs from the samples or the seed, integers where the model has real numbers, and all that a forward pass needs.
/// `machine`: widths of a float model's words where the experiment says none.
std::shared_ptr<const Trained> trained(const Experiment&, const Network&, const Workload&,
                                       const std::optional<GivenInput>&, const Widths& machine, const Catalogue&);

/// What the network answered, once a forward pass over all its layers has been made.
Answer answer_of(const PreparedExperiment&, const ForwardPass&, unsigned jobs);

}  // namespace eyrie
