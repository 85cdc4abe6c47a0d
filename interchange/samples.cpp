#include "interchange/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>

#include "base/quantities.hpp"
#include "base/text_file.hpp"
#include "interchange/image.hpp"
#include "interchange/npz.hpp"
#include "interchange/samples_layout.hpp"

namespace eyrie {

namespace fs = std::filesystem;

namespace {

constexpr const char* kWanted = "an .npy, .npz, .png, .pgm, .ppm or .bin file, or a folder of images";
constexpr double kMostElements = 2147483648.0;

[[noreturn]] void refuse(const std::string& name, const std::string& problem, const std::string& remedy) {
  throw InputError({name, 0, 0}, problem, remedy);
}

class SampleReader {
 public:
  SampleReader(const NetworkInput& in, const Pixels& pixels, const std::optional<TensorCode>& code)
      : in_{in}, pixels_{pixels}, code_{code} {}

  Samples read(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error))
      folder(path);
    else if (path.ends_with(".npz"))
      archive(path);
    else
      file(path);
    return finished(path);
  }

 private:
  // ---- kinds of files -----------------------------------------------------------------------------------------------

  void file(const std::string& path) {
    if (path.ends_with(".npy"))
      array(read_npy_file(path), path, path);
    else if (is_image(path))
      image(path);
    else if (path.ends_with(".bin"))
      raw(path);
    else {
      file_bytes(path, kWanted);
      refuse(path, "this is no kind of file that samples are read from", fmt::format("give {}", kWanted));
    }
  }

  void array(const NumpyArray& a, const std::string& path, const std::string& place) {
    const auto layout = sample_layout(a.shape, in_, place);
    room(static_cast<double>(a.size()), place);
    const bool pixels = !a.real();
    std::visit(
        [&](const auto& numbers) {
          put(layout.samples, layout.channels_last, [&](std::size_t at, std::int64_t channel) {
            return pixels ? pixel(static_cast<double>(numbers[at]), channel, place)
                          : number(static_cast<double>(numbers[at]), place);
          });
        },
        a.numbers);
    name(fs::path(path).filename().string(), layout.samples);
  }

  void archive(const std::string& path) {
    const auto arrays = read_npz_file(path);
    std::string place;
    const bool own = arrays.contains(in_.name);
    const auto* images =
        one_of(arrays, own ? std::vector{in_.name} : std::vector<std::string>{"images", "x"}, path, place);
    if (!images) {
      std::string known;
      for (const auto& [name, array] : arrays) known += (known.empty() ? "" : ", ") + name;
      refuse(path, fmt::format("it has no samples of the input {}; its arrays are {}", in_.name, known),
             fmt::format("call one {}, images or x", in_.name));
    }
    array(*images, path, place);
    if (const auto* labels = one_of(arrays, {"labels", "y"}, path, place)) label_array(*labels, place);
  }

  void image(const std::string& path) {
    const bool lines = in_.steps > 1 && in_.rows * in_.columns == 1;
    if (in_.steps > 1 && !lines)
      refuse(path, fmt::format("an image is one time step, and the input {} reads {}", in_.name, input_text(in_)),
             "give an .npy file");
    const RowsColumns wanted = lines ? RowsColumns{in_.steps, in_.channels} : RowsColumns{in_.rows, in_.columns};
    const auto i = with_channels(read_image(path, wanted), lines ? 1 : in_.channels, path);
    put(1, true, [&](std::size_t at, std::int64_t channel) { return pixel(i.pixels[at], channel, path); });
    name(fs::path(path).filename().string(), 1);
  }

  void raw(const std::string& path) {
    const auto bytes = read_binary_file(path, kWanted);
    const auto each = static_cast<std::size_t>(elements());
    if (bytes.empty() || bytes.size() % each != 0)
      refuse(path,
             fmt::format("it has {} bytes, and a sample of the input {} is {} of {}", bytes.size(), in_.name, each,
                         input_text(in_)),
             "give one sample or several, a byte a number");
    room(static_cast<double>(bytes.size()), path);
    const auto samples = static_cast<std::int64_t>(bytes.size() / each);
    put(samples, true, [&](std::size_t at, std::int64_t channel) {
      const auto byte = static_cast<unsigned char>(bytes[at]);
      return code_ ? raw_number(byte) : pixel(byte, channel, path);
    });
    name(fs::path(path).filename().string(), samples);
  }

  /// A byte of the input's own tensor: with a sign where its code has one.
  [[nodiscard]] float raw_number(unsigned char byte) const {
    const std::int64_t number = code_->least < 0 && byte > 127 ? byte - 256 : byte;
    return static_cast<float>(code_->real(std::clamp(number, code_->least, code_->most) - code_->zero_point));
  }

  void folder(const std::string& path) {
    std::vector<std::string> files;
    std::string labels;
    std::error_code error;
    fs::directory_iterator at{path, error};
    for (; !error && at != fs::directory_iterator{}; at.increment(error)) {
      const auto& entry = *at;
      const auto name = entry.path().filename().string();
      if (name == "labels.txt")
        labels = entry.path().string();
      else if (is_image(name) || name.ends_with(".bin"))
        files.push_back(entry.path().string());
      else if (!name.starts_with('.') && !name.starts_with("README"))
        refuse(entry.path().string(), "this is no image, and the folder is read for images",
               "keep images, .bin files and labels.txt there alone");
    }
    if (error) refuse(path, fmt::format("the folder cannot be read ({})", error.message()), "name one that can");
    if (files.empty()) refuse(path, "there is no image in the folder", "give .png, .pgm, .ppm or .bin files");
    std::ranges::sort(files);
    for (const auto& f : files) file(f);
    if (!labels.empty()) label_lines(labels);
  }

  // ---- numbers ------------------------------------------------------------------------------------------------------

  [[nodiscard]] std::int64_t elements() const { return in_.shape(1).elements(); }

  void room(double more, const std::string& place) const {
    if (static_cast<double>(data_.size()) + more > kMostElements)
      refuse(place, "there are more than 2^31 numbers in all", "give fewer samples at a time");
  }

  /// Appends samples in the order (steps, c, h, w); `at(i, c)` is number i in the order of the file.
  template <class At>
  void put(std::int64_t samples, bool channels_last, At at) {
    const std::int64_t plane = in_.rows * in_.columns;
    for (std::int64_t n = 0; n < samples * in_.steps; ++n)
      for (std::int64_t c = 0; c < in_.channels; ++c)
        for (std::int64_t i = 0; i < plane; ++i) {
          const auto index = channels_last ? (n * plane + i) * in_.channels + c : (n * in_.channels + c) * plane + i;
          data_.push_back(at(static_cast<std::size_t>(index), c));
        }
  }

  [[nodiscard]] float pixel(double value, std::int64_t channel, const std::string& place) const {
    if (value < 0 || value > 255)
      refuse(place, fmt::format("the whole number {} is no pixel", value),
             "whole numbers are pixels of 0 to 255; give what the network reads as float32");
    return static_cast<float>(pixels_.real(value, channel));
  }

  static float number(double value, const std::string& place) {
    const auto v = static_cast<float>(value);
    if (!std::isfinite(v)) refuse(place, "some of its numbers are none, or infinite", "give finite ones");
    return v;
  }

  // ---- names and labels ---------------------------------------------------------------------------------------------

  void name(const std::string& file, std::int64_t samples) {
    for (std::int64_t i = 0; i < samples; ++i) names_.push_back(samples == 1 ? file : fmt::format("{}[{}]", file, i));
  }

  /// The array of one of these names, nothing if none is there; two are refused.
  static const NumpyArray* one_of(const NumpyArrays& arrays, const std::vector<std::string>& names,
                                  const std::string& path, std::string& place) {
    const NumpyArray* found = nullptr;
    for (const auto& n : names) {
      const auto it = arrays.find(n);
      if (it == arrays.end()) continue;
      if (found) refuse(path, fmt::format("it has {} as well as {}", n, place.substr(path.size() + 1)), "keep one");
      found = &it->second;
      place = path + ":" + n;
    }
    return found;
  }

  void label_array(const NumpyArray& a, const std::string& place) {
    if (a.real() || a.shape.size() != 1)
      refuse(place, fmt::format("labels are {} of {}", shape_text(a.shape), a.type()),
             "give a list of whole numbers, one a sample");
    std::visit(
        [&](const auto& numbers) {
          for (const auto v : numbers) label(static_cast<std::int64_t>(v), {place, 0, 0});
        },
        a.numbers);
  }

  void label_lines(const std::string& path) {
    std::map<std::string, std::int64_t> by_name;
    std::istringstream text{read_text_file(path, "labels")};
    std::string line;
    for (int number = 1; std::getline(text, line); ++number) {
      const auto last = line.find_last_not_of(" \t\r");
      if (last == std::string::npos) continue;
      line.resize(last + 1);
      const auto cut = line.find_last_of(" \t");
      const auto label = cut == std::string::npos ? std::nullopt : parse_integer(line.substr(cut + 1));
      if (!label) throw InputError({path, number, 1}, fmt::format("\"{}\" is no label", line), "write `FILE NUMBER`");
      const auto file = line.substr(0, line.find_last_not_of(" \t", cut) + 1);
      if (std::ranges::find(names_, file) == names_.end())
        throw InputError({path, number, 1}, fmt::format("there is no sample called {}", file),
                         "name a file of the folder");
      if (!by_name.emplace(file, *label).second)
        throw InputError({path, number, 1}, fmt::format("{} has two labels", file), "give one");
    }
    for (const auto& n : names_) {
      if (!by_name.contains(n)) refuse(path, fmt::format("{} has no label", n), "write a line `FILE NUMBER` for each");
      label(by_name[n], {path, 0, 0});
    }
  }

  void label(std::int64_t value, const Place& place) {
    if (value < 0) throw InputError(place, fmt::format("the label {} is below 0", value), "count classes from 0");
    labels_.push_back(value);
  }

  Samples finished(const std::string& path) {
    if (!labels_.empty() && labels_.size() != names_.size())
      refuse(path, fmt::format("there are {} samples and {} labels", names_.size(), labels_.size()), "give one each");
    const auto samples = static_cast<std::int64_t>(names_.size());
    Samples s{.data = RealTensor{Shape{0, 0, 0, 0}},
              .steps = in_.steps,
              .names = std::move(names_),
              .labels = std::move(labels_)};
    s.data = RealTensor{in_.shape(samples)};
    s.data.data() = std::move(data_);
    return s;
  }

  const NetworkInput& in_;
  const Pixels& pixels_;
  const std::optional<TensorCode>& code_;
  std::vector<float> data_;
  std::vector<std::string> names_;
  std::vector<std::int64_t> labels_;
};

}  // namespace

RealTensor Samples::part(std::int64_t first, std::int64_t n) const {
  const Shape& s = data.shape();
  RealTensor some{Shape{n * steps, s.c, s.h, s.w}};
  const auto each = steps * s.c * s.h * s.w;
  std::copy_n(data.data().begin() + first * each, n * each, some.data().begin());
  return some;
}

Samples read_samples(const std::string& path, const NetworkInput& input, const Pixels& pixels,
                     const std::optional<TensorCode>& code) {
  return SampleReader{input, pixels, code}.read(path);
}

Pixels assumed_pixels(const TensorCode& code) {
  constexpr double kAboutOne = 1.5;
  return code.real(code.most - code.zero_point) <= kAboutOne ? Pixels{.divide = 255} : Pixels{};
}

}  // namespace eyrie
