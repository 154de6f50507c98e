const fs = require('node:fs');
const path = require('node:path');

const file = path.join(__dirname, 'people.json');

exports.readGreeting = (name, callback) => {
  fs.readFile(file, 'utf8', (error, text) => {
    if (error) return callback(error);
    const person = JSON.parse(text)[name];
    if (person) callback(null, person);
    else callback(new Error(`no ${name}`));
  });
};
