var fs = require('fs');
var http = require('http');
var path = require('path');
var url = require('url');

var file = path.join(__dirname, 'votes.txt');

function vote(choice, callback) {
  fs.open(file, 'r+', opened);

  function opened(error, fd) {
    if (error) return callback(error);
    var buffer = Buffer.alloc(256);
    fs.read(fd, buffer, 0, buffer.length, 0, counted);

    function counted(error, length) {
      if (error) return closed(error);
      var votes = parse(buffer.toString('utf8', 0, length));
      votes[choice] = (votes[choice] || 0) + 1;
      fs.write(fd, format(votes), 0, 'utf8', written);
    }

    function written(error) {
      closed(error);
    }

    function closed(error) {
      fs.close(fd, function () {
        callback(error);
      });
    }
  }
}

function parse(text) {
  var votes = {};
  text.split('\n').forEach(function (line) {
    var parts = line.split('=');
    if (parts.length === 2) votes[parts[0]] = Number(parts[1]);
  });
  return votes;
}

function format(votes) {
  return Object.keys(votes)
    .map(function (choice) {
      return choice + '=' + votes[choice] + '\n';
    })
    .join('');
}

http
  .createServer(function (req, res) {
    var asked = url.parse(req.url, true);
    if (req.method === 'POST') {
      vote(asked.query.choice, function (error) {
        res.statusCode = error ? 500 : 200;
        res.end(error ? 'sorry' : 'thanks');
      });
    } else {
      fs.createReadStream(file).pipe(res);
    }
  })
  .listen(process.env.PORT || 3000);
