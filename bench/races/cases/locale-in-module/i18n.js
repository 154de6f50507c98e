const catalogs = {
  en: { hello: 'Hello', unknown: 'Nobody has this name' },
  de: { hello: 'Hallo', unknown: 'Niemand heißt so' },
};

let locale = 'en';

exports.setLocale = (wanted) => {
  if (catalogs[wanted]) locale = wanted;
};

exports.getLocale = () => locale;

exports.translate = (key) => catalogs[locale][key];
