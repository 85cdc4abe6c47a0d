#pragma once

// What a trained network answered on the machine, beside what its float model answers.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eyrie {

/// One input's answer.
struct SampleAnswer {
  std::string name;                   ///< of the input: a file's, or its number
  std::optional<std::int64_t> label;  ///< the right class, where it is known
  std::int64_t chip = 0, real = 0;    ///< classes: of the simulated chip, of the float model
  std::vector<std::int64_t> raw;      ///< outputs of the chip as the model's file counts them, zero point included
  std::vector<double> outputs, real_outputs;  ///< what they stand for; those of the float model
};

/// How far the integers of a tensor are from the float model's numbers: signal to quantisation noise in dB, none if the
/// two are equal, or if there is no signal.
struct LayerSqnr {
  std::string layer;
  std::optional<double> db;
  bool equal = false;
};

/// Of all inputs of a run.
struct Answer {
  std::string input;       ///< the file; empty: drawn from the seed
  std::string pixels;      ///< how pixels became numbers
  std::string arithmetic;  ///< whose: tflite, onnx
  std::string precision;   ///< how a float model was quantised; empty: it came as integers
  std::string output;      ///< the layer whose words answer
  bool classifies = false;
  bool from_integers = false;                   ///< the float model is the integers' real values
  std::vector<std::string> computed_elsewhere;  ///< layers with a nest that were not simulated
  std::vector<std::string> class_names;
  std::vector<SampleAnswer> samples;
  LayerSqnr at_output;
  std::vector<LayerSqnr> layers;

  /// The class, and its name if it has one: "3 (cat)".
  [[nodiscard]] std::string class_text(std::int64_t) const;
  [[nodiscard]] std::int64_t agreeing() const;  ///< samples of one class on the chip and in float
  [[nodiscard]] std::int64_t labelled() const;
  [[nodiscard]] std::int64_t right() const;       ///< of the labelled, on the chip
  [[nodiscard]] std::int64_t real_right() const;  ///< of the labelled, in float
};

/// For a terminal, some lines.
std::string answer_lines(const Answer&);
/// A section of a document.
std::string answer_markdown(const Answer&);

}  // namespace eyrie
