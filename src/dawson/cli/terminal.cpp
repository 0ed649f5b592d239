#include "dawson/cli/terminal.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ostream>
#include <utility>

#include "dawson/core/json.h"

namespace dawson::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point moment) {
  return std::chrono::duration<double>(Clock::now() - moment).count();
}

// What all three share: the step under way and how seldom it is shown.
class TimedSink : public ProgressSink {
 public:
  TimedSink(std::ostream& out, double interval_seconds)
      : out_(out), interval_seconds_(interval_seconds) {}

  void step_started(const std::string& name, std::size_t total) override {
    name_ = name;
    started_ = shown_ = Clock::now();
    done_ = 0;
    total_ = total;
    begin();
  }
  void advanced(std::size_t done, std::size_t total) override {
    done_ = done;
    total_ = total;
    if (seconds_since(shown_) < interval_seconds_) return;
    shown_ = Clock::now();
    show();
  }

 protected:
  virtual void begin() {}
  virtual void show() = 0;
  [[nodiscard]] double left() const { return time_left(seconds_since(started_), done_, total_); }
  [[nodiscard]] int percent() const {
    return total_ == 0 ? 0 : static_cast<int>(100 * std::min(done_, total_) / total_);
  }

  std::ostream& out_;
  std::string name_;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
  Clock::time_point started_ = Clock::now();

 private:
  double interval_seconds_;
  Clock::time_point shown_ = Clock::now();
};

class Bar : public TimedSink {
 public:
  explicit Bar(std::ostream& out) : TimedSink(out, 0.1) {}
  ~Bar() override { clear(); }
  Bar(const Bar&) = delete;
  Bar& operator=(const Bar&) = delete;

  void step_finished(const StepRecord& step) override {
    clear();
    out_ << "  " << step.name << "  " << duration(step.seconds) << '\n' << std::flush;
    name_.clear();
  }
  void warned(const std::string& message) override {
    clear();
    out_ << "dawson: warning: " << message << '\n' << std::flush;
    if (!name_.empty()) show();
  }

 protected:
  void begin() override { show(); }
  void show() override {
    constexpr int cells = 24;
    clear();
    out_ << "  " << name_;
    if (total_ > 0) {
      const int full = cells * percent() / 100;
      out_ << "  [" << std::string(full, '#') << std::string(cells - full, '.') << "] " << percent()
           << " %";
      if (left() >= 0) out_ << ", " << duration(left()) << " left";
    } else if (done_ > 0) {
      out_ << "  " << done_;
    }
    out_ << std::flush;
    drawn_ = true;
  }

 private:
  void clear() {
    if (std::exchange(drawn_, false)) out_ << "\r\033[K" << std::flush;
  }
  bool drawn_ = false;
};

class PlainLines : public TimedSink {
 public:
  explicit PlainLines(std::ostream& out) : TimedSink(out, 10) {}
  void step_finished(const StepRecord& step) override {
    out_ << step.name << ": " << duration(step.seconds) << '\n' << std::flush;
  }
  void warned(const std::string& message) override {
    out_ << "dawson: warning: " << message << '\n' << std::flush;
  }

 protected:
  void show() override {
    out_ << name_ << ": ";
    if (total_ > 0) {
      out_ << percent() << " %";
      if (left() >= 0) out_ << ", " << duration(left()) << " left";
    } else {
      out_ << done_ << " done";
    }
    out_ << '\n' << std::flush;
  }
};

class JsonLines : public TimedSink {
 public:
  explicit JsonLines(std::ostream& out) : TimedSink(out, 0.5) {}
  void step_finished(const StepRecord& step) override {
    write({{"event", "finished"},
           {"step", step.name},
           {"seconds", step.seconds},
           {"peak_memory_mb", step.peak_memory_mb}});
  }
  void warned(const std::string& message) override {
    write({{"event", "warning"}, {"message", message}});
  }

 protected:
  void begin() override { write({{"event", "started"}, {"step", name_}, {"total", total_}}); }
  void show() override {
    core::Json line = {{"event", "advanced"}, {"step", name_}, {"done", done_}, {"total", total_}};
    if (left() >= 0) line["seconds_left"] = left();
    write(line);
  }

 private:
  void write(const core::Json& line) {
    out_ << line.dump(-1, ' ', false, core::Json::error_handler_t::replace) << '\n' << std::flush;
  }
};

class WarningsOnly : public ProgressSink {
 public:
  explicit WarningsOnly(std::ostream& out) : out_(out) {}
  void step_started(const std::string&, std::size_t) override {}
  void advanced(std::size_t, std::size_t) override {}
  void step_finished(const StepRecord&) override {}
  void warned(const std::string& message) override {
    out_ << "dawson: warning: " << message << '\n' << std::flush;
  }

 private:
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<ProgressSink> make_sink(const std::string& how, bool to_terminal,
                                        std::ostream& out) {
  if (how == "bar" || (how == "auto" && to_terminal)) return std::make_unique<Bar>(out);
  if (how == "json") return std::make_unique<JsonLines>(out);
  if (how == "none") return std::make_unique<WarningsOnly>(out);
  return std::make_unique<PlainLines>(out);
}

std::string duration(double seconds) {
  const auto two = [](long long n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  if (seconds < 9.95) {
    const auto tenths = static_cast<long long>(std::lround(std::max(seconds, 0.0) * 10));
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
  }
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + two(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + two(whole / 60 % 60) + " min";
}

double time_left(double elapsed_seconds, std::size_t done, std::size_t total) {
  if (done == 0 || total == 0 || elapsed_seconds <= 0) return -1;
  return elapsed_seconds * static_cast<double>(total - std::min(done, total)) /
         static_cast<double>(done);
}

}  // namespace dawson::cli
